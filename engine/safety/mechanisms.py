"""Read what a French thesaurus statement says into a few fixed codes; what no rule matches is left out, never guessed.

The codes choose sentences of `engine.safety.wording`. Every rule is a pattern over the statement itself (accents taken
off), so a code can be traced to the words that gave it. Used when the index is compiled, not beside a patient.
"""

from __future__ import annotations

import re

EFFECT_RULES: tuple[tuple[str, str], ...] = (
    ("torsades", r"torsade"),
    ("ventricular_rhythm", r"rythme (?:ventriculaire|cardiaque)|fibrillation|excitabilite cardiaque"),
    ("intracranial_pressure", r"hypertension intracranienne"),
    ("serotonin", r"serotoninergique"),
    ("ergotism", r"ergotisme"),
    ("vasoconstriction", r"vasoconstriction"),
    ("hypertension", r"(?:poussees? |crises? )hypertensi|hypertension (?:arterielle|paroxys)|effets hypertens"),
    ("rhabdomyolysis", r"rhabdomyolyse"),
    ("bleeding", r"hemorrag|saignement"),
    ("respiratory_depression", r"depression respiratoire"),
    ("sedation", r"sedati|depression centrale|vigilance"),
    ("bradycardia", r"bradycardi|troubles? de (?:l'automatisme|la conduction)|bloc auriculo"),
    ("heart_failure", r"insuffisance cardiaque|inotrope negatif"),
    ("hypotension", r"hypotensi"),
    ("hyperkalaemia", r"hyperkali"),
    ("hypokalaemia", r"hypokali"),
    ("hypocalcaemia", r"hypocalcemi"),
    ("hyponatraemia", r"hyponatr"),
    ("lithium_level", r"lithemie"),
    ("kidney", r"nephrotox|toxicite renale|insuffisance renale (?:aigue|fonctionnelle)"),
    ("hearing", r"ototox|cochleo"),
    ("liver", r"hepatotox"),
    ("blood_cells", r"hematolog|neutropeni|aplasie|pancytopeni|medullaire|myelosuppress"),
    ("infection", r"infections? (?:grave|severe)|infections graves"),
    ("neurotoxicity", r"neurotox|troubles neurolog|cerebelleux"),
    ("immunosuppression", r"immunodepression|immunosuppression|lymphoprolif"),
    ("vaccine_disease", r"maladie vaccinale"),
    ("seizures", r"convuls|epilept"),
    ("hypoglycaemia", r"hypoglyc"),
    ("lactic_acidosis", r"acidose lactique"),
    ("withdrawal", r"sevrage"),
    ("less_pain_relief", r"diminution de l'effet antalgique|inefficacite de l'opiace|efficacite de l'opiace"),
    ("contraception", r"contracepti"),
    ("disulfiram_reaction", r"antabuse"),
    ("teratogen", r"teratogen"),
    ("lung", r"toxicite pulmonaire"),
    ("neuropathy", r"neuropath"),
    ("angioedema", r"angio-?oedeme"),
    ("skin", r"syndrome de lyell|reactions cutanees"),
    ("gut_injury", r"ulcerogene|necrose (?:intestinale|colique)"),
    ("paralysis", r"curarisant|bloc neuromusculaire|toxine botulique"),
    ("hypervitaminosis_a", r"hypervitaminose a"),
    ("methaemoglobin", r"methemoglobin"),
    ("opposition", r"antagonis"),
    ("less_absorbed", r"diminution (?:de l'|de leur |de son )absorption|absorption.{0,20}diminu"),
    ("side_effects", r"effets indesirables|toxicite|surdosage"),
)
"""Code and pattern, in the order of harm; the first two that match are told."""

FATAL_RULE = r"fatal|letal|mortel"
LOSS_RULE = (
    r"perte d'effic|moindre effic|baisse d[e']|diminution de l'effi|inefficac|echec|"
    r"diminution de l'effet|moindre effet"
)
RISE_RULE = (
    r"augmentation[^.]{0,60}(?:concentration|exposition|taux)|"
    r"(?:diminution|inhibition) (?:de |du |de l')?"
    r"(?:son |leur |la )?(?:metabolisme|elimination|clairance|excretion)|"
    r"(?:doublement|elevation)[^.]{0,30}concentration"
)
FALL_RULE = (
    r"(?:diminution|reduction|baisse)[^.]{0,60}(?:concentration|exposition)|"
    r"augmentation (?:de |du )?(?:son |leur )?metabolisme"
)

AFFECTED_RULE = (
    r"(?:concentrations?|exposition|taux)(?: plasmatiques?| sanguines?)? (?:de la |de l'|du |des |de |d')(.{3,60})"
)
MANAGEMENT_RULES: tuple[tuple[str, str], ...] = (
    ("ecg", r"\becg\b|electrocardio"),
    ("inr", r"\binr\b"),
    ("potassium", r"kaliemie"),
    ("lithium", r"lithemie"),
    ("glucose", r"glycemi"),
    ("blood_count", r"hemogramme|numeration"),
    ("renal_function", r"fonction renale"),
    ("blood_level", r"dosage des concentrations|controle des concentrations|dosages? plasmatiques?"),
    ("dose", r"adaptation[^.]{0,30}posologi|reduction[^.]{0,30}(?:dose|posologi)|diminuer la posologie"),
    ("apart", r"a distance"),
    ("barrier_contraception", r"methode[^.]{0,40}contraception|contraception[^.]{0,40}mecanique"),
    ("clinical", r"surveillance clinique"),
)


def effects(bare_french: str) -> list[str]:
    """Return at most two effect codes of `bare_french` (lower case, without accents), worst first, and "fatal"."""
    found = [code for code, pattern in EFFECT_RULES if re.search(pattern, bare_french)]
    told = [code for code in found if code != "side_effects" or len(found) == 1]
    return [*told[:2], *(["fatal"] if re.search(FATAL_RULE, bare_french) else [])]


def course(bare_french: str) -> str:
    """Return "rise", "fall" or "" for what happens to a blood level; both or neither gives "".

    A prodrug whose breakdown is blocked loses its effect: "rise" beside a loss of effect is not told.
    """
    rises, falls = bool(re.search(RISE_RULE, bare_french)), bool(re.search(FALL_RULE, bare_french))
    if rises == falls:
        return ""
    if rises:
        return "" if loses_effect(bare_french) else "rise"
    return "fall"


def loses_effect(bare_french: str) -> bool:
    """Whether the statement says that a treatment may fail."""
    return bool(re.search(LOSS_RULE, bare_french))


def management(bare_french: str) -> list[str]:
    """Return the codes of what the statement asks to watch or do, in a fixed order."""
    return [code for code, pattern in MANAGEMENT_RULES if re.search(pattern, bare_french)]


def affected(bare_french: str, french_names: dict[str, str]) -> str:
    """Return the key in `french_names` (bare French name -> key) whose level the statement says to change, or ""."""
    match = re.search(AFFECTED_RULE, bare_french)
    if match is None:
        return ""
    stated = [key for french, key in french_names.items() if match[1].startswith(french)]
    return stated[0] if len(set(stated)) == 1 else ""
