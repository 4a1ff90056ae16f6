//! What the models are compared on.

use std::{fs, path::Path};

use assay_model::{Kind, ModelError};
use assay_primitives::hash::{Hash, Hasher, Native};

use crate::QualityError;

/// Sentences for models that embed, one a line: short and long, more than 50 languages, code, signs.
const SENTENCES: &str = include_str!("sentences.txt");

/// Passages for models that generate, between empty lines: prose in several languages, code, data.
const PASSAGES: &str = include_str!("passages.txt");

/// Between the prompt and the answer of a problem.
const TAB: char = '\t';

/// Texts and the hash of the file that they lie in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
	/// At least one.
	pub texts: Vec<Text>,
	/// Of the file.
	pub blake2_256: Hash,
	/// Whether it is the text that comes with this program.
	pub is_built_in: bool,
}

/// A text to read, or a problem to solve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
	/// The text, or the problem's prompt.
	pub prompt: String,
	/// What should follow the prompt.
	pub answer: Option<String>,
}

impl Texts {
	/// The text that comes with this program, for models of a kind.
	pub fn built_in(kind: Kind) -> Self {
		let (file, texts): (_, Vec<&str>) = match kind {
			Kind::Embed => (SENTENCES, SENTENCES.lines().collect()),
			Kind::Generate => (PASSAGES, PASSAGES.split("\n\n").map(str::trim_end).collect()),
		};
		let text = |text: &str| Text { prompt: text.to_owned(), answer: None };
		let texts = texts.into_iter().map(text).collect();
		Self { texts, blake2_256: Native::hash(file.as_bytes()), is_built_in: true }
	}

	/// The lines of a file that are not empty. For models that generate, a line with a tab is a problem
	/// and its answer.
	///
	/// # Errors
	/// If it cannot be read, is not UTF-8 or has no lines.
	pub fn read(path: &Path, kind: Kind) -> Result<Self, QualityError> {
		let fault = |reason| QualityError::Texts { path: path.to_path_buf(), reason };
		let bytes = fs::read(path).map_err(|source| ModelError::io(path, source))?;
		let blake2_256 = Native::hash(&bytes);
		let content =
			String::from_utf8(bytes).map_err(|_| fault("the text is not UTF-8; convert it"))?;
		let text = |line: &str| {
			let problem = line.split_once(TAB).filter(|_| kind == Kind::Generate);
			let (prompt, answer) = problem.map_or((line, None), |(p, a)| (p, Some(a.to_owned())));
			Text { prompt: prompt.to_owned(), answer }
		};
		let lines = content.lines().filter(|line| !line.trim().is_empty());
		let texts: Vec<Text> = lines.map(text).collect();
		if texts.is_empty() {
			return Err(fault("the text has no lines; write one text a line"));
		}
		Ok(Self { texts, blake2_256, is_built_in: false })
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::collections::BTreeSet;

	#[test]
	fn sentences_are_two_hundred_different_ones() {
		let texts = Texts::built_in(Kind::Embed).texts;
		assert_eq!(texts.len(), 200);
		let different: BTreeSet<&str> = texts.iter().map(|text| text.prompt.as_str()).collect();
		assert_eq!(different.len(), 200);
		for required in ["Thanks!", "No.", "?!"] {
			assert!(different.contains(required), "{required}");
		}
		let signs = |text: &&str| !text.chars().any(char::is_alphanumeric);
		assert!(different.iter().copied().filter(signs).count() >= 15);
		assert!(texts.iter().all(|text| !text.prompt.trim().is_empty()));
	}

	/// Languages of the sentences, and how one in each of them begins.
	const LANGUAGES: [(&str, &str); 56] = [
		("German", "Der Hund bellt"),
		("French", "Les enfants jouent"),
		("Spanish", "El perro corre"),
		("Italian", "Il gatto nero"),
		("Portuguese", "O cachorro"),
		("Dutch", "De kinderen"),
		("Polish", "Kot śpi"),
		("Czech", "Pes leží"),
		("Slovak", "Chlapec číta"),
		("Hungarian", "A macska az"),
		("Romanian", "Pisica doarme"),
		("Russian", "Кошка спит"),
		("Ukrainian", "Діти будують"),
		("Bulgarian", "Кучето тича"),
		("Serbian", "Мачка спава"),
		("Slovene", "Mačka spi"),
		("Croatian", "Dijete se igra"),
		("Latvian", "Kaķis guļ"),
		("Lithuanian", "Katė miega"),
		("Estonian", "Kass magab"),
		("Finnish", "Kissa nukkuu"),
		("Swedish", "Katten sover"),
		("Danish", "Hunden løber"),
		("Norwegian", "Toget til Bergen"),
		("Icelandic", "Kötturinn sefur"),
		("Irish", "Tá an cat"),
		("Welsh", "Mae'r gath"),
		("Basque", "Katua horma"),
		("Catalan", "El gat dorm"),
		("Albanian", "Macja fle"),
		("Greek", "Η γάτα"),
		("Turkish", "Kedi sıcak"),
		("Arabic", "القطة"),
		("Persian", "گربه"),
		("Urdu", "بلی"),
		("Hebrew", "החתול"),
		("Hindi", "बिल्ली"),
		("Bengali", "বিড়ালটি"),
		("Tamil", "பூனை"),
		("Telugu", "పిల్లి"),
		("Marathi", "मांजर"),
		("Thai", "แมว"),
		("Vietnamese", "Con mèo"),
		("Indonesian", "Kucing itu"),
		("Tagalog", "Natutulog"),
		("Swahili", "Paka amelala"),
		("Zulu", "Ikati lilele"),
		("Afrikaans", "Die kat"),
		("Japanese", "猫が"),
		("Chinese", "猫睡在"),
		("Korean", "고양이가"),
		("Georgian", "კატა"),
		("Armenian", "Կատուն"),
		("Kazakh", "Мысық"),
		("Amharic", "ድመቷ"),
		("Maori", "Kei te moe"),
	];

	#[test]
	fn sentences_are_in_more_than_fifty_languages() {
		let texts = Texts::built_in(Kind::Embed).texts;
		for (language, begin) in LANGUAGES {
			let found = texts.iter().filter(|text| text.prompt.starts_with(begin)).count();
			assert_eq!(found, 1, "{language}: {begin}");
		}
		let languages: BTreeSet<&str> = LANGUAGES.iter().map(|(language, _)| *language).collect();
		assert_eq!(languages.len(), LANGUAGES.len());
	}

	/// Words, and signs between them: about the fewest tokens that a text can have.
	fn pieces(text: &str) -> usize {
		let mut count = 0;
		let mut is_in_word = false;
		for c in text.chars() {
			let is_of_word = c.is_alphanumeric();
			let goes_on = is_of_word && is_in_word;
			count += usize::from(!c.is_whitespace() && !goes_on);
			is_in_word = is_of_word;
		}
		count
	}

	/// By all-MiniLM-L6-v2 they have 3 to 296 tokens, the two around each text included; `bench engine
	/// encoder` counts them. Words and signs are as near as a test without its tokenizer comes.
	#[test]
	fn sentences_are_of_all_lengths() {
		let texts = Texts::built_in(Kind::Embed).texts;
		let lengths: Vec<usize> = texts.iter().map(|text| pieces(&text.prompt)).collect();
		assert_eq!(lengths.iter().min(), Some(&1));
		assert!(lengths.iter().max().is_some_and(|longest| (250..=298).contains(longest)));
		for (range, least) in [(1..=2, 10), (3..=9, 50), (10..=29, 30), (30..=298, 5)] {
			let count = lengths.iter().filter(|&&length| range.contains(&length)).count();
			assert!(count >= least, "{count} of {range:?}");
		}
	}

	#[test]
	fn passages_are_whole() {
		let texts = Texts::built_in(Kind::Generate).texts;
		assert_eq!(texts.len(), 13);
		let code = texts.iter().find(|text| text.prompt.starts_with("import math")).unwrap();
		assert!(code.prompt.ends_with("print(primes(50))"));
		assert!(texts.iter().all(|text| text.answer.is_none() && text.prompt.len() > 200));
	}

	#[test]
	fn lines_with_a_tab_are_problems_to_models_that_generate() {
		let file = tempfile::NamedTempFile::new().unwrap();
		fs::write(file.path(), "1+2=\t3\n\n   \njust text\r\n").unwrap();
		let texts = Texts::read(file.path(), Kind::Generate).unwrap();
		let text = |prompt: &str, answer: Option<&str>| Text {
			prompt: prompt.to_owned(),
			answer: answer.map(str::to_owned),
		};
		assert_eq!(texts.texts, [text("1+2=", Some("3")), text("just text", None)]);
		let texts = Texts::read(file.path(), Kind::Embed).unwrap();
		assert_eq!(texts.texts[0], text("1+2=\t3", None));
	}

	#[test]
	fn files_that_hold_no_text_are_refused() {
		let file = tempfile::NamedTempFile::new().unwrap();
		for (content, reason) in [(&b" \n\n"[..], "no lines"), (b"\xff\xfe", "not UTF-8")] {
			fs::write(file.path(), content).unwrap();
			let error = Texts::read(file.path(), Kind::Embed).unwrap_err().to_string();
			assert!(error.contains(reason), "{error}");
			assert!(error.contains(file.path().to_str().unwrap()), "{error}");
		}
	}
}
