"""Lantern's own prompt templates. The chat template inside a model file is a program by a stranger: it is never run.

Text that comes from a case goes into parts without control, so a ``<|im_end|>`` typed by somebody stays plain text.
"""

from __future__ import annotations

from typing import assert_never

from engine.runtime.base import Part, Prompt, Template

CHATML_MARKS = ("<|im_start|>", "<|im_end|>")
VERSION = 1
"""Part of every stored result: the same request is only comparable under the same templates."""


def chat(
    template: Template, system: str, user: str, answer: str = "", *, fixed: bool = False, adapted: bool = False
) -> Prompt:
    """Return the prompt that asks `user` under the instruction `system`; the model goes on after `answer`.

    `fixed` allows the state of the instruction to be kept on disk: only for text that holds no word of a case;
    `adapted` asks the model's adapter.
    """
    prompt = _in_template(template, system, user, answer)
    return Prompt(prompt.head, prompt.tail, fixed, adapted)


def _in_template(template: Template, system: str, user: str, answer: str) -> Prompt:
    match template:
        case "chatml":
            return _chatml(system, user, answer)
        case "plain":
            return _plain(system, user, answer)
        case _:
            assert_never(template)


def as_prompt(prompt: Prompt | str) -> Prompt:
    """Return bare text as a prompt without a kept head and without control tokens."""
    return Prompt(head=(), tail=(Part(prompt),)) if isinstance(prompt, str) else prompt


def _chatml(system: str, user: str, answer: str) -> Prompt:
    open_user = Part("<|im_end|>\n<|im_start|>user\n", control=True)
    head = (Part("<|im_start|>system\n", control=True), Part(system), open_user)
    tail = (Part(user), Part("<|im_end|>\n<|im_start|>assistant\n", control=True), Part(answer))
    return Prompt(head, tail)


def _plain(system: str, user: str, answer: str) -> Prompt:
    return Prompt(head=(Part(f"{system}\n\n"),), tail=(Part(f"{user}\n\nAnswer: {answer}"),))
