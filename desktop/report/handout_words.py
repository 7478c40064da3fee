"""The fixed words of the patient's sheet in both languages, plain enough to be read aloud."""

from __future__ import annotations

from engine.api import Bilingual

TITLE = Bilingual("For {name}", "{name} 患者须知")
FOUND = Bilingual("What you have", "您的诊断")
TREATMENT = Bilingual("Your treatment", "您的治疗")
TAKE = Bilingual("Take: {dose}", "用法：{dose}")
NOT_MORE = Bilingual("Never more than {maximum}.", "不得超过 {maximum}。")
DOSE_BY_HAND = Bilingual("Dose: ______________________ (your clinician writes it here)",
                         "剂量：______________________（由医生填写）")
WITHIN_RANGE = Bilingual("Your dose within this range: ______________ (your clinician writes it here)",
                         "您在此范围内的剂量：______________（由医生填写）")
MAY_HAPPEN = Bilingual("This may happen: {text}", "可能出现：{text}")
YOU_CAN = Bilingual("What you can do yourself", "您自己可以做的")
DANGER = Bilingual("Come back at once if", "出现以下情况请立即就诊")
NEXT = Bilingual("Your next visit", "下次就诊")
ASK = Bilingual("If anything is unclear, ask before you leave.", "如有不明白之处，请在离开前询问。")
