"""Words that compare and deny, language by language; and what stands next to them but does neither."""

from __future__ import annotations

import pytest

from quidproquo.reading.llm.numerals import numbers_in
from quidproquo.reading.llm.wording import KNOWN, comparison_of, sense_of, surroundings

COMPARED = [
    ("ru", "прибыли не менее 3 000 солдат", "at_least"),
    ("ru", "прибыли более 3 000 солдат", "more_than"),
    ("ru", "прибыли не более 3 000 солдат", "at_most"),
    ("ru", "прибыли около 3 000 солдат", "about"),
    ("ru", "прибыли 3 000 солдат", None),
    ("uk", "прибуло щонайменше 3 000 солдатів", "at_least"),
    ("uk", "прибуло понад 3 000 солдатів", "more_than"),
    ("uk", "прибуло до 3 000 солдатів", "at_most"),
    ("de", "mindestens 3.000 Soldaten", "at_least"),
    ("de", "mehr als 3.000 Soldaten", "more_than"),
    ("de", "nicht mehr als 3.000 Soldaten", "at_most"),
    ("de", "weniger als 3.000 Soldaten", "less_than"),
    ("fr", "au moins 3 000 soldats", "at_least"),
    ("fr", "pas moins de 3 000 soldats", "at_least"),
    ("fr", "moins de 3 000 soldats", "less_than"),
    ("fr", "jusqu’à 3 000 soldats", "at_most"),
    ("es", "al menos 3.000 soldados", "at_least"),
    ("es", "no menos de 3.000 soldados", "at_least"),
    ("es", "más de 3.000 soldados", "more_than"),
    ("es", "unos 3.000 soldados", "about"),
    ("ko", "병력 3,000명 이상이", "at_least"),
    ("ko", "병력 최대 3,000명이", "at_most"),
    ("ko", "병력 약 3,000명이", "about"),
    ("ko", "병력 3,000명이", None),
    ("ja", "兵士3,000人以上が", "at_least"),
    ("ja", "兵士3,000人未満が", "less_than"),
    ("ja", "兵士約3,000人が", "about"),
    ("zh", "至少3000名士兵", "at_least"),
    ("zh", "不超过3000名士兵", "at_most"),
    ("zh", "超过3000名士兵", "more_than"),
    ("zh", "3000名以上士兵", "at_least"),
]


@pytest.mark.parametrize(("language", "text", "wanted"), COMPARED)
def test_words_next_to_a_number_compare(language: str, text: str, wanted: str | None) -> None:
    [number] = numbers_in(text, (0, len(text)), language)
    assert comparison_of(text, (number.start, number.end), language) == wanted


def test_every_language_with_numbers_has_words() -> None:
    assert {language for language, *_ in COMPARED} == KNOWN


SENSES = [
    ("en", "The port said that the gate was opened.", "asserted"),
    ("en", "Not only the gate was opened.", "asserted"),
    ("en", "No doubt the gate was opened.", "asserted"),
    ("en", "The gate wasn’t opened.", "denied"),
    ("en", "The port denied that the gate was opened.", "denied"),
    ("en", "It is false that the gate was opened.", "denied"),
    ("en", "No gate was opened.", "denied"),
    ("en", "There is no evidence that the gate was opened.", "open"),
    ("en", "The port would not confirm that the gate was opened.", "open"),
    ("en", "The port could not independently verify that the gate was opened.", "open"),
    ("en", "Unless the gate was opened, the ships wait.", "open"),
    ("en", "Was the gate opened?", "open"),
    ("ru", "Порт сообщил, что прибыли не менее 40 беспилотников.", "asserted"),
    ("ru", "Порт не сообщал об этом.", "denied"),
    ("ru", "Порт опроверг это.", "denied"),
    ("ru", "Если бы порт открыли, корабли прибыли бы.", "open"),
    ("uk", "Порт заперечив це.", "denied"),
    ("uk", "Порт відкрито.", "asserted"),
    ("de", "Der Hafen wurde nicht geöffnet.", "denied"),
    ("de", "Nicht nur der Hafen wurde geöffnet.", "asserted"),
    ("de", "Das Ministerium dementierte den Bericht.", "denied"),
    ("fr", "Le port n’est pas ouvert.", "denied"),
    ("fr", "Le port est ouvert.", "asserted"),
    ("fr", "Si le port est ouvert, les navires arrivent.", "open"),
    ("es", "El puerto no está abierto.", "denied"),
    ("es", "El ministerio negó el envío.", "denied"),
    ("es", "El puerto está abierto.", "asserted"),
    ("ko", "항구는 열리지 않았다.", "denied"),
    ("ko", "국방부는 이를 부인했다.", "denied"),
    ("ko", "항구가 열렸다.", "asserted"),
    ("ja", "港は開かなかった。", "denied"),
    ("ja", "政府は少ない数の船を認めた。", "asserted"),
    ("zh", "港口没有开放。", "denied"),
    ("zh", "政府否认此事。", "denied"),
    ("zh", "不少于40架无人机抵达非洲。", "asserted"),
    ("zh", "是否开放港口尚待决定。", "open"),
    ("sv", "Hamnen är inte öppen.", None),
]


@pytest.mark.parametrize(("language", "text", "wanted"), SENSES)
def test_words_deny_or_leave_open(language: str, text: str, wanted: str | None) -> None:
    whole = (0, len(text))
    assert sense_of(text, whole, whole, language) == wanted


@pytest.mark.parametrize(
    ("text", "quote", "wanted"),
    [
        ("The mayor, who did not attend, said the gate was opened.", "the gate was opened", "asserted"),
        ("The gate was opened, but the port has not been.", "The gate was opened", "asserted"),
        ("It is not true that the gate was opened.", "the gate was opened", "denied"),
        ("The mayor, who never opened the gate, said so.", "who never opened the gate", "denied"),
    ],
)
def test_a_denial_counts_in_the_clauses_of_the_quote(text: str, quote: str, wanted: str) -> None:
    start = text.index(quote)
    assert sense_of(text, (0, len(text)), (start, start + len(quote)), "en") == wanted


@pytest.mark.parametrize(
    ("text", "quote", "wanted"),
    [
        ("Да. Порт не открыт, 1.500 судов ждут. Нет.", "1.500 судов", " Порт не открыт, 1.500 судов ждут."),
        ("はい。港は開かない。船は待つ。", "開かない", "港は開かない。"),
        ("nothing ends here", "ends", "nothing ends here"),
    ],
)
def test_surroundings_go_to_the_ends_of_the_sentence(text: str, quote: str, wanted: str) -> None:
    start = text.index(quote)
    assert text[slice(*surroundings(text, (start, start + len(quote))))] == wanted
