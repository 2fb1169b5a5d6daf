"""Moodle XML and QTI 2.1, as programs that others wrote read them."""

import io
import zipfile
from xml.etree import ElementTree as ET

import moodle_xml_parser.parser
import pytest
import qti_convert

from kit.authoring.exam.moodle import moodle_of
from kit.authoring.exam.qti import qti_of
from kit.authoring.exam.sheets import Sheets
from tests.unit.authoring.exam.exams import an_exam


@pytest.fixture(scope="module")
def package() -> bytes:
    """The exam as a package of QTI."""
    return qti_of(an_exam(), Sheets())


def test_moodle_reads_every_question_by_choices():
    """Points, feedback and the picture are there; with several right answers points add up."""
    exam = an_exam()
    text = moodle_of(exam, Sheets())
    read = moodle_xml_parser.parser.parse_string(text)["multichoice"]
    asked = [one.question for pool in exam.pools for one in pool.instances]
    chosen = [one for one in asked if one.form != "order"]
    assert len(read) == len(chosen)
    for found, question in zip(read, chosen, strict=True):
        assert found.name.endswith(question.prompt)
        assert "@@PLUGINFILE@@/moment.svg" in found.text_pre_parse
        assert [one.answer for one in found.options] == [one.text for one in question.choices]
        assert [one.feedback for one in found.options] == [one.feedback for one in question.choices]
        right = [place for place, one in enumerate(found.options) if one.score_fraction > 0]
        assert right == sorted(question.right)
        assert found.single == (question.form != "several")
        assert sum(found.options[place].score_fraction for place in right) == pytest.approx(
            100, abs=1e-3
        )
        if question.form == "several":
            wrong = [one.score_fraction for one in found.options if one.score_fraction <= 0]
            assert sum(wrong) == pytest.approx(-100, abs=1e-3)


def test_moodle_draws_from_a_category_for_each_question():
    """A slash in a title begins no category inside, and each has its picture."""
    exam = an_exam()
    quiz = ET.fromstring(moodle_of(exam, Sheets()))
    paths = [one.text for one in quiz.iterfind("question/category/text")]
    assert len(paths) == len(exam.pools)
    assert all(path.replace("//", "").count("/") == 3 for path in paths)
    pictures = [one.text for one in quiz.iterfind("question/questiontext/file")]
    assert len(pictures) == sum(len(pool.instances) for pool in exam.pools)


def test_moodle_drops_nothing_of_a_name():
    """What looks like a tag in a title or a prompt is written as text."""
    quiz = ET.fromstring(moodle_of(an_exam(), Sheets()))
    names = [one.text or "" for one in quiz.iterfind("question/category/text")]
    names += [one.text or "" for one in quiz.iterfind("question/name/text")]
    assert len(names) > 1
    assert not any("<" in one for one in names)
    assert "Exam &lt;b&gt;1&lt;//b&gt; &amp; more 1" in names[0]


def test_moodle_matches_an_order_with_numbers():
    """Each thing has its number, and they are listed as on every paper, not in the right order."""
    exam = an_exam()
    quiz = ET.fromstring(moodle_of(exam, Sheets()))
    asked = [one.question for pool in exam.pools for one in pool.instances]
    ordered = [one for one in asked if one.form == "order"]
    found = quiz.findall("question[@type='matching']")
    assert len(found) == len(ordered) > 0
    for one, question in zip(found, ordered, strict=True):
        texts = [text.text for text in one.iterfind("subquestion/text")]
        assert texts == [choice.text for choice in question.choices]
        numbers = [answer.text for answer in one.iterfind("subquestion/answer/text")]
        right = [texts[numbers.index(str(n + 1))] for n in range(len(numbers))]
        assert right == question.answers
    assert any(list(question.order) != sorted(question.order) for question in ordered)


def test_qti_is_converted_without_a_warning(package: bytes, tmp_path):
    """To QTI 3 and back; every file that is named is in the package."""
    (tmp_path / "qti.zip").write_bytes(package)
    qti_convert.upgrade_package(str(tmp_path / "qti.zip"), str(tmp_path / "qti3.zip"))
    fixed = qti_convert.fix_package_references(
        str(tmp_path / "qti3.zip"), str(tmp_path / "fixed.zip")
    )
    assert (list(fixed.fixed), list(fixed.unresolved)) == ([], [])
    back = qti_convert.downgrade_package(str(tmp_path / "qti3.zip"), str(tmp_path / "qti21.zip"))
    assert list(back.warnings) == []


def test_qti_items_have_their_answers(package: bytes):
    """The right choices, in their order where that counts, and as many as may be chosen."""
    files = zipfile.ZipFile(io.BytesIO(package))
    space = {"q": "http://www.imsglobal.org/xsd/imsqti_v2p1"}
    cardinalities = {"several": "multiple", "order": "ordered"}
    for pool in an_exam().pools:
        for one in pool.instances:
            asked = one.question
            item = ET.fromstring(files.read(f"item-{asked.key}.xml"))
            right = [value.text for value in item.iterfind(".//q:correctResponse/q:value", space)]
            assert right == [f"choice-{place}" for place in asked.right]
            (declared,) = item.iterfind("q:responseDeclaration", space)
            assert declared.get("cardinality") == cardinalities.get(asked.form, "single")
            assert not list(item.iterfind(".//q:modalFeedback", space))
            picture = item.find(".//q:img", space)
            assert files.read(picture.get("src")).startswith(b"<?xml")


def test_a_qti_test_draws_one_of_each_and_takes_one_answer(package: bytes):
    """There is a section for each question, and neither feedback nor a solution."""
    files = zipfile.ZipFile(io.BytesIO(package))
    space = {"q": "http://www.imsglobal.org/xsd/imsqti_v2p1"}
    test = ET.fromstring(files.read("test.xml"))
    sections = test.findall(".//q:assessmentSection", space)
    assert [len(one.findall("q:assessmentItemRef", space)) for one in sections] == [2, 2, 2, 1]
    assert {one.find("q:selection", space).get("select") for one in sections} == {"1"}
    control = test.find(".//q:itemSessionControl", space)
    assert (control.get("maxAttempts"), control.get("showFeedback")) == ("1", "false")


def test_the_same_exam_is_the_same_package(package: bytes):
    """No clock is in it."""
    assert package == qti_of(an_exam(), Sheets())
