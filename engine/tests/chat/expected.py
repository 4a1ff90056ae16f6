"""Renders every folder's chat.json with its template.jinja into prompt.txt, by Jinja2 itself.

Jinja2 is configured as Hugging Face's transformers configures it for chat templates. Run it from anywhere
after changing a template: python3 engine/tests/chat/expected.py
"""

import json
import pathlib

from jinja2.sandbox import ImmutableSandboxedEnvironment

TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


def main():
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = tojson
    for template in sorted(pathlib.Path(__file__).parent.glob("*/template.jinja")):
        chat = json.loads(template.with_name("chat.json").read_text())
        variables = chat if isinstance(chat, dict) else {"messages": chat}
        prompt = environment.from_string(template.read_text()).render(
            **{**TOKENS, "add_generation_prompt": True, **variables}
        )
        template.with_name("prompt.txt").write_text(prompt)


if __name__ == "__main__":
    main()
