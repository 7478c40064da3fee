"""What somebody at a terminal can do about each error code, in both languages; the desktop has longer texts."""

from __future__ import annotations

from engine.api import Bilingual

FILE_REFUSED = "file_refused"
"""Code of the command line alone: the system refused to read or write a file that was named."""

_REINSTALL = Bilingual("Install Lantern again; cases are kept elsewhere.", "请重新安装 Lantern；病例保存在别处。")
_RUN_AGAIN = Bilingual(
    "Run again; if it happens twice, report this code.", "请重新运行；如再次发生，请报告此代码。"
)
_PACK_AGAIN = Bilingual(
    "Install the pack again: lantern-engine models install FOLDER.",
    "请重新安装模型包：lantern-engine models install 文件夹。",
)

NEXT_STEPS: dict[str, Bilingual] = {
    "reference_unreadable": Bilingual(
        "The reason is named above; give the text in another of the formats that `lantern-quantize pack` reads.",
        "原因见上文；请换用 lantern-quantize pack 支持的其他格式提供该文本。",
    ),
    "bad_request": Bilingual(
        "Give one JSON object a line; the field is named above.", "每行应为一个 JSON 对象；出错字段见上文。"
    ),
    "out_of_range": Bilingual("Correct the field that is named above.", "请更正上文指出的字段。"),
    "too_large": Bilingual("Shorten it or split it into several cases.", "请缩短内容或拆成多个病例。"),
    "unknown_diagnosis": Bilingual(
        "Use a code that diagnose returns, such as DDX:Pneumonia.", "请使用 diagnose 返回的代码，例如 DDX:Pneumonia。"
    ),
    "empty_case": Bilingual("Add a text or a finding.", "请加入文字或一项症状、体征。"),
    "vcf_refused": Bilingual(
        "The reason is named above; export the VCF file again without it.", "原因见上文；请排除后重新导出 VCF 文件。"
    ),
    "knowledge_missing": _REINSTALL,
    "knowledge_damaged": _REINSTALL,
    "model_missing": Bilingual(
        "Install a model pack: lantern-engine models install FOLDER.",
        "请安装模型包：lantern-engine models install 文件夹。",
    ),
    "model_damaged": _PACK_AGAIN,
    "model_untrusted": Bilingual(
        "Install a pack that is signed by a key this machine trusts.", "请安装由本机信任的密钥签名的模型包。"
    ),
    "model_too_large": Bilingual(
        "Close other programs or install a smaller pack.", "请关闭其他程序或安装较小的模型包。"
    ),
    "out_of_memory": Bilingual("Close other programs and run again.", "请关闭其他程序后重新运行。"),
    "engine_crashed": _RUN_AGAIN,
    "engine_hung": _RUN_AGAIN,
    "engine_protocol": _RUN_AGAIN,
    "engine_start_failed": _REINSTALL,
    "internal": _RUN_AGAIN,
    FILE_REFUSED: Bilingual(
        "Check the name, the rights and the free space of the file.", "请检查文件名、权限和剩余空间。"
    ),
}


def next_step(code: str) -> Bilingual:
    """Return what to do about `code`."""
    return NEXT_STEPS.get(code, _RUN_AGAIN)


def told(program: str, code: str, detail: str) -> str:
    """Return the lines for stderr: the code with its detail, and the next step in both languages."""
    step = next_step(code)
    return f"{program}: {code}: {detail}\n  {step.en}\n  {step.zh}\n"
