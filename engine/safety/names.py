"""Drug names as people write them, brought to one form: dose, route, form and salt taken off, nothing guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_DASHES = re.compile("[\u2010-\u2015\u2212\uff0d]")
_SPACES = re.compile(r"\s+")
_CHINESE = re.compile("[\u3400-\u9fff]")

_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_AMOUNT = re.compile(
    r"(?<![a-z0-9_.])\d+(?:[.,]\d+)*\s*"
    r"(?:mg|mcg|µg|μg|ug|micrograms?|milligrams?|grams?|g|ml|l|iu|units?|u|mmol|meq|mol|%|毫克|微克|克|毫升|单位|国际单位|片|粒)"
    r"(?:\s*/\s*(?:\d+(?:\.\d+)?\s*)?(?:mg|g|ml|l|kg|dose|puff|actuation|h|hour|day|tab|片|粒|支|毫升))?(?![a-z0-9_.])"
)
_LOOSE_NUMBER = re.compile(r"(?<![a-z0-9_.-])\d+(?:[.,]\d+)*(?:\s*[x×]\s*\d+)?(?:/\d+)*(?![a-z0-9_-])")
_FORMS = re.compile(
    r"\b(?:tab(?:let)?s?|cap(?:sule)?s?|caplets?|syrup|susp(?:ension)?|inj(?:ection)?|infusion|iv|im|sc|subcut|po|pr|sl|"
    r"oral(?:ly)?|topical|rectal|sublingual|intravenous|intramuscular|subcutaneous|cream|ointment|lotion|gel|drops?|eye|ear|"
    r"ophthalmic|nasal|spray|inhal(?:er|ation)|inhaled|neb(?:uliser|ulizer)?s?|puffs?|patch(?:es)?|xr|sr|er|cr|mr|xl|ec|"
    r"dr|extended[ -]release|modified[ -]release|slow[ -]release|delayed[ -]release|enteric[ -]coated|chewable|"
    r"dispersible|effervescent|soluble|solution|powder|vials?|amp(?:oule)?s?|suppositor(?:y|ies)|elixir|mixture|lozenges?|od|bd|bid|tds|"
    r"tid|qds|qid|qd|qhs|ellipta|turbuhaler|diskus|accuhaler|respimat|handihaler|evohaler|autohaler|breezhaler|respiclick|"
    r"hfa|dosepak|respules|flexpen|kwikpen|solostar|penfill|"
    r"nocte|mane|prn|stat|daily|once|twice|weekly|hourly|as needed|generic)\b"
)
_CHINESE_FORMS = re.compile(
    "注射用|注射液|注射剂|口服溶液|口服混悬液|口服液|干混悬剂|混悬液|缓释胶囊|缓释片|控释片|肠溶胶囊|肠溶片|分散片|咀嚼片|泡腾片|"
    "软胶囊|胶囊|颗粒剂|颗粒|糖浆|滴眼液|滴耳液|滴鼻液|眼膏|软膏|乳膏|凝胶|气雾剂|粉雾剂|喷雾剂|吸入剂|栓剂|贴剂|贴片|片剂|片|栓"
)
_SALT = re.compile(
    r"\b(?:"
    r"hydrochloride|hcl|sodium|potassium|disodium|dipotassium|calcium|magnesium|sulfate|sulphate|"
    r"phosphate|maleate|tartrate|bitartrate|succinate|fumarate|citrate|acetate|mesylate|mesilate|"
    r"besylate|besilate|bromide|hydrobromide|chloride|nitrate|propionate|dipropionate|furoate|"
    r"valerate|axetil|xinafoate|lysine|arginine|tosylate|gluconate|lactate|malate|embonate|"
    r"pamoate|stearate|ethylsuccinate|estolate|monohydrate|dihydrate|trihydrate|hemihydrate|"
    r"hydrate|anhydrous|medoxomil|cilexetil|etexilate|proxetil|pivoxil|trometamol|tromethamine|"
    r"benzoate|decanoate|enanthate|enantate|palmitate|napsylate|isethionate|lactobionate|"
    r"mononitrate|polistirex|camsylate|camsilate|edisylate|oxalate|orotate|erbumine|salt|"
    r"dihydrochloride|monohydrochloride|bisulfate|bisulphate|hydrogensulfate|hemisulfate|hemifumarate|hemihydrate|"
    r"sesquihydrate|pentahydrate|dimaleate|diacetate|hemisuccinate|butyrate|pivalate|undecylenate|phenylpropionate|"
    r"cypionate|cipionate|hyclate|hexacetonide|monosodium|meglumine|aspartate|pidolate|tannate|laurilsulfate|"
    r"dimesylate|dimesilate|trisodium|tert-butylamine|olamine|diolamine|succ|tart|d-tartrate|l-malate"
    r")\b"
)
_CHINESE_SALT_BEFORE = re.compile(
    "^(?:盐酸|硫酸|马来酸|酒石酸|枸橼酸|富马酸|琥珀酸|磷酸|氢溴酸|甲磺酸|苯磺酸|醋酸|重酒石酸|草酸|乳酸|丙酸)"
)
_CHINESE_SALT_AFTER = re.compile("(?:钠|钾|钙|镁|二钠|酯)$")
_JOINTS = re.compile(r"\s*(?:\+|/|&|;|；|、|，|,|\band\b|\bwith\b|\bplus\b|与|和|加)\s*")


def fold(name: str) -> str:
    """Return `name` in lower case, full-width forms and dashes made plain, Latin accents taken off, spaces single."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", name)).lower().replace("\u2019", "'")
    bare = "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn")
    return _SPACES.sub(" ", unicodedata.normalize("NFC", bare)).strip(" .;:,，。")


def is_chinese(name: str) -> bool:
    """Whether `name` holds any Chinese character."""
    return bool(_CHINESE.search(name))


def readings(name: str) -> Iterator[str]:
    """Yield ever barer forms of `name`: as written, without dose and form, without salt. The first known one counts."""
    folded = fold(name)
    yield folded
    measured = _tidy(_CHINESE_FORMS.sub(" ", _FORMS.sub(" ", _AMOUNT.sub(" ", folded))))
    yield measured
    yield _tidy(_LOOSE_NUMBER.sub(" ", measured))
    bare = _without_noise(folded)
    yield bare
    yield _tidy(_SALT.sub(" ", bare))
    if is_chinese(bare):
        unsalted = _CHINESE_SALT_BEFORE.sub("", bare)
        yield unsalted
        yield _CHINESE_SALT_AFTER.sub("", bare)
        yield _CHINESE_SALT_AFTER.sub("", unsalted)


def parts(name: str) -> list[str]:
    """Return the pieces of a combination as written ("a + b", "a/b", "甲与乙"); one piece when it is none."""
    return [piece for piece in (_tidy(piece) for piece in _JOINTS.split(_without_noise(fold(name)))) if piece]


def hyphened(name: str) -> list[str]:
    """Return the pieces between hyphens ("amlodipine-benazepril"); one piece when there is none."""
    return [piece for piece in _without_noise(fold(name)).split("-") if piece]


def bracketed(name: str) -> list[str]:
    """Return what stands in brackets: "amoxicillin (with clavulanic acid)" holds a second ingredient."""
    return [re.sub("^(?:with|plus|and|含|加)\\s*", "", piece.strip()) for piece in _BRACKETED.findall(fold(name))]


def _without_noise(folded: str) -> str:
    text = _AMOUNT.sub(" ", _BRACKETED.sub(" ", folded))
    text = _CHINESE_FORMS.sub(" ", _FORMS.sub(" ", text))
    return _tidy(_LOOSE_NUMBER.sub(" ", text))


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" -.;:,/+，。")
