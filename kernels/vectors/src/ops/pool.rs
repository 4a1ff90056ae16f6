//! Mean pooling.

use alloc::vec;

use assay_kernels_exact::pool;

use super::{checked, many, Op};
use crate::{case::Case, error::Error};

pub(super) const OPS: &[Op] = &[
	("pool_maxima", |c| {
		Ok(vec![many("maxima", checked(c, pool::column_maxima(c.all("x")?, columns(c)?))?)])
	}),
	("pool_sums", |c| {
		Ok(vec![many("sums", checked(c, pool::column_sums(c.all("x")?, c.all("maxima")?))?)])
	}),
	("pool_add", |c| {
		Ok(vec![many("sums", checked(c, pool::add_sums(c.all("partial")?, columns(c)?))?)])
	}),
	("pool_mean", |c| {
		let positions = c.one::<u32>("positions")? as usize;
		let y = pool::mean(c.all("sums")?, c.all("maxima")?, positions);
		Ok(vec![many("y", checked(c, y)?)])
	}),
	("mean_pool", |c| Ok(vec![many("y", checked(c, pool::mean_pool(c.all("x")?, columns(c)?))?)])),
];

fn columns(c: &Case) -> Result<usize, Error> {
	Ok(c.one::<u32>("columns")? as usize)
}
