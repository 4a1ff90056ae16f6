use super::*;

fn template(source: &str) -> ChatTemplate {
	let config = br#"{"bos_token": "<s>", "eos_token": {"content": "</s>"}}"#;
	ChatTemplate::read(Some(config), Some(source)).unwrap().unwrap()
}

fn rendered(source: &str, chat: &str) -> Result<String, ChatError> {
	template(source).render(&Chat::from_json(chat.as_bytes()).unwrap())
}

const HELLO: &str = r#"[{"role": "user", "content": "Hello"}]"#;

#[test]
fn a_model_without_template_has_none() {
	assert!(ChatTemplate::read(None, None).unwrap().is_none());
	assert!(ChatTemplate::read(Some(br#"{"bos_token": "<s>"}"#), None).unwrap().is_none());
}

#[test]
fn tools_choose_the_template_for_tools() {
	let config = br#"{"chat_template": [{"name": "default", "template": "plain"},
		{"name": "tool_use", "template": "tools"}]}"#;
	let template = ChatTemplate::read(Some(config), None).unwrap().unwrap();
	let messages = Chat::from_json(HELLO.as_bytes()).unwrap();
	assert_eq!(template.render(&messages).unwrap(), "plain");
	let chat = format!(r#"{{"messages": {HELLO}, "tools": [{{"name": "f"}}]}}"#);
	let with_tools = Chat::from_json(chat.as_bytes()).unwrap();
	assert_eq!(template.render(&with_tools).unwrap(), "tools");
}

#[test]
fn a_chat_can_set_variables_of_the_template() {
	let source = "{{ bos_token }}{{ date_string }}{{ add_generation_prompt }}";
	let chat = format!(
		r#"{{"messages": {HELLO}, "date_string": "1 May 2026", "add_generation_prompt": false}}"#
	);
	assert_eq!(rendered(source, &chat).unwrap(), "<s>1 May 2026False");
}

#[test]
fn what_a_template_raises_is_the_reason() {
	let error = rendered("{{ raise_exception('Roles must alternate!') }}", HELLO).unwrap_err();
	assert_eq!(error, ChatError::Refused("Roles must alternate!".to_owned()));
}

#[test]
fn no_prompt_depends_on_the_date() {
	let error = rendered("{{ strftime_now('%Y') }}", HELLO).unwrap_err();
	assert_eq!(error, ChatError::Clock);
	let guarded = "{% if strftime_now is defined %}now{% else %}then{% endif %}";
	assert_eq!(rendered(guarded, HELLO).unwrap(), "then");
}

#[test]
fn a_template_cannot_work_forever() {
	let endless =
		"{% for a in range(9999) %}{% for b in range(9999) %}{{ a * b }}{% endfor %}{% endfor %}";
	let error = rendered(endless, HELLO).unwrap_err();
	assert!(matches!(error, ChatError::Template(_)), "{error}");
	assert!(error.to_string().contains("fuel"), "{error}");
}

#[test]
fn faults_of_templates_are_told_in_one_line() {
	let config = br#"{"chat_template": "{% for %}\n{% endfor %}"}"#;
	let error = ChatTemplate::read(Some(config), None).unwrap_err().to_string();
	assert!(error.contains("syntax error") && !error.contains('\n'), "{error}");
	let error = rendered("{{ messages[0].content.encode('utf-8') }}", HELLO).unwrap_err();
	assert!(error.to_string().contains("encode"), "{error}");
}

#[test]
fn unreadable_chats_are_refused() {
	for (chat, reason) in [
		("", "EOF"),
		("5", "a list of messages"),
		("{}", "`messages` is missing"),
		(r#"{"messages": 5}"#, "no list"),
		("[]", "empty"),
		("[5]", "message 0 has no text `role`"),
		(r#"[{"role": "user"}, {"role": 1}]"#, "message 1 has no text `role`"),
	] {
		let error = Chat::from_json(chat.as_bytes()).unwrap_err().to_string();
		assert!(error.contains(reason), "{chat}: {error}");
	}
}
