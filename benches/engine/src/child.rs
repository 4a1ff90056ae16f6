//! Measurements in processes of their own, so that memory and threads of one engine are not those of
//! another.
//!
//! The child is this same program; a job goes in and its outcome comes out as JSON.

use std::{
	env,
	io::{self, Write},
	process::{Command, Stdio},
};

use anyhow::{bail, Context, Result};
use serde::{de::DeserializeOwned, Serialize};

use crate::{
	bandwidth::BandwidthJob,
	engines::{assay, candle},
};

/// Something to measure.
pub(crate) trait Job: Serialize + DeserializeOwned {
	/// Its name on the child's command line.
	const NAME: &'static str;

	/// What comes out.
	type Outcome: Serialize + DeserializeOwned;

	/// Measures, here and now.
	fn measure(self) -> Result<Self::Outcome>;
}

/// Measures in a process of its own, whose libraries take this many threads.
pub(crate) fn measure<J: Job>(job: &J, threads: u16) -> Result<J::Outcome> {
	let program = env::current_exe().context("the path of this program")?;
	let mut child = Command::new(&program)
		.args(["child", J::NAME])
		// What candle and its matrix products read.
		.envs(["RAYON_NUM_THREADS", "CANDLE_NUM_THREADS"].map(|name| (name, threads.to_string())))
		.stdin(Stdio::piped())
		.stdout(Stdio::piped())
		.spawn()
		.with_context(|| format!("`{}` cannot be started", program.display()))?;
	let job_text = serde_json::to_vec(job).context("writing the job down")?;
	let told = child.stdin.take().map_or(Ok(()), |mut input| input.write_all(&job_text));
	let output = child.wait_with_output().context("waiting for the child")?;
	if !output.status.success() {
		bail!("the child `{}` failed ({}), see above", J::NAME, output.status);
	}
	// A child that ended before it heard everything has said why.
	told.context("telling the child what to do")?;
	serde_json::from_slice(&output.stdout).context("reading what the child measured")
}

/// What the child does.
pub(crate) fn answer(job: &str) -> Result<()> {
	match job {
		assay::DecoderJob::NAME => serve::<assay::DecoderJob>(),
		assay::RecheckJob::NAME => serve::<assay::RecheckJob>(),
		assay::EncoderJob::NAME => serve::<assay::EncoderJob>(),
		candle::DecoderJob::NAME => serve::<candle::DecoderJob>(),
		candle::EncoderJob::NAME => serve::<candle::EncoderJob>(),
		BandwidthJob::NAME => serve::<BandwidthJob>(),
		_ => bail!("there is no measurement `{job}`"),
	}
}

fn serve<J: Job>() -> Result<()> {
	let job: J = serde_json::from_reader(io::stdin().lock()).context("reading the job")?;
	let outcome = job.measure()?;
	serde_json::to_writer(io::stdout().lock(), &outcome).context("telling what was measured")
}
