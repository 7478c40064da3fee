"""Originals for conversion tests: real architectures with seeded weights, in the form a hub hands them out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.runtime import golden
from quantize import clinic_text


def llama(folder: Path) -> Path:
    import torch
    import transformers

    from quantize.recipes import clinic_lm
    from quantize.recipes._publish import publish

    folder.mkdir()
    torch.manual_seed(1)
    clinic_lm.train_tokenizer([case.whole for case in clinic_text.cases("train")][:400], folder, vocabulary=800)
    clinic_lm.write_tokenizer_config(folder)
    config = transformers.LlamaConfig(
        vocab_size=800, hidden_size=256, intermediate_size=512, num_hidden_layers=1, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=512, tie_word_embeddings=True, bos_token_id=1, eos_token_id=2,
    )
    model = transformers.LlamaForCausalLM(config)
    _speak_plain_english(model, transformers.AutoTokenizer.from_pretrained(folder))
    model.to(torch.float16).save_pretrained(folder, safe_serialization=True)
    publish(folder, "tiny-llama", "A test.", "nothing", 1)
    return folder


def _speak_plain_english(model: Any, tokenizer: Any) -> None:
    """Teach the model the golden prompt's sentence, by which an installation tells sense from noise, and some cases."""
    import torch

    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for text in [case.whole for case in clinic_text.cases("train")[:40]] + [golden.PLAIN] * 20:
        words = torch.tensor([tokenizer(text, add_special_tokens=False).input_ids[:128]])
        optimizer.zero_grad()
        model(words, labels=words).loss.backward()
        optimizer.step()


def berts(parent: Path) -> dict[str, Path]:
    import torch
    import transformers

    labels = ("O", "B-Disease", "I-Disease")
    size = {
        "vocab_size": 600, "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 64, "max_position_embeddings": 128,
    }  # fmt: skip
    plain = transformers.BertConfig(**size)
    config = transformers.BertConfig(
        **size, id2label=dict(enumerate(labels)), label2id={name: n for n, name in enumerate(labels)}
    )
    heads = {
        "text-classification": transformers.BertForSequenceClassification,
        "token-classification": transformers.BertForTokenClassification,
        "question-answering": transformers.BertForQuestionAnswering,
        "feature-extraction": transformers.BertModel,
    }
    made = {}
    for task, kind in heads.items():
        torch.manual_seed(2)
        made[task] = _published(parent / task, kind(config if "classif" in task else plain), wordpieces())
    return made


def t5(folder: Path) -> Path:
    import torch
    import transformers

    from quantize.recipes import clinic_t5

    torch.manual_seed(3)
    cases = clinic_text.cases("train")[:300]
    tokenizer = clinic_t5.train_tokenizer([(case.prompt, clinic_t5.said(case)) for case in cases])
    config = transformers.T5Config(
        vocab_size=tokenizer.get_vocab_size(), d_model=32, d_ff=64, d_kv=16, num_heads=2, num_layers=1,
        num_decoder_layers=1, pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, n_positions=512,
    )
    return _published(folder, transformers.T5ForConditionalGeneration(config), tokenizer)


def wordpieces() -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=600, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]"], show_progress=False
    )
    tokenizer.train_from_iterator((case.whole for case in clinic_text.cases("train")[:300]), trainer)
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tokenizer


def _published(folder: Path, model: Any, tokenizer: Any) -> Path:
    from quantize.recipes._publish import publish

    folder.mkdir(parents=True)
    model.eval().save_pretrained(folder, safe_serialization=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    publish(folder, folder.name, "A test.", "nothing", 1)
    return folder
