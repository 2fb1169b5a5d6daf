"""An exam as a package of QTI 2.1: an item for each instance, and a test that draws from them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kit.authoring.exam.drawing import Exam
from kit.authoring.exam.sheets import Sheet, Sheets
from kit.authoring.writing.printable import printable
from kit.quiz.question import ORDER, SEVERAL

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
SCHEMAS = "http://www.w3.org/2001/XMLSchema-instance"
PLACES = {
    QTI: f"{QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    PACKAGE: f"{PACKAGE} http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
}
MATCH = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"
BEGUN = (1980, 1, 1, 0, 0, 0)
"""When each file of the package was made, so that the same exam is the same file."""


def qti_of(exam: Exam, sheets: Sheets) -> bytes:
    """Return an exam as the bytes of a package.

    Parameters
    ----------
    exam : Exam
    sheets : Sheets
    """
    pools = [sheets.of(pool.instances) for pool in exam.pools]
    files: dict[str, str] = {"test.xml": _written(_test(exam, pools))}
    for sheet in (sheet for pool in pools for sheet in pool):
        name = _name(sheet)
        files[f"{name}.xml"] = _written(_item(sheet, name))
        files[f"{name}.svg"] = sheet.picture
    files["imsmanifest.xml"] = _written(_manifest(list(files)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for path in sorted(files):
            package.writestr(zipfile.ZipInfo(path, BEGUN), files[path].encode())
    return packed.getvalue()


def _name(sheet: Sheet) -> str:
    return f"item-{sheet.question.key}"


def _root(tag: str, space: str) -> Element:
    return Element(tag, {"xmlns": space, "xmlns:xsi": SCHEMAS, "xsi:schemaLocation": PLACES[space]})


def _written(root: Element) -> str:
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _item(sheet: Sheet, name: str) -> Element:
    asked = sheet.question
    item = _root("assessmentItem", QTI)
    item.attrib |= {"identifier": name, "title": printable(asked.prompt)}
    item.attrib |= {"adaptive": "false", "timeDependent": "false"}
    cardinality = {SEVERAL: "multiple", ORDER: "ordered"}.get(asked.form, "single")
    answer = {"identifier": "RESPONSE", "cardinality": cardinality, "baseType": "identifier"}
    right = SubElement(SubElement(item, "responseDeclaration", answer), "correctResponse")
    for place in asked.right:
        SubElement(right, "value").text = f"choice-{place}"
    score = {"identifier": "SCORE", "cardinality": "single", "baseType": "float"}
    default = SubElement(SubElement(item, "outcomeDeclaration", score), "defaultValue")
    SubElement(default, "value").text = "0"
    body = SubElement(item, "itemBody")
    for text in _before(sheet):
        body.append(text)
    picture = SubElement(SubElement(body, "p"), "img", src=f"{name}.svg", alt=sheet.alternative)
    picture.set("width", "1000")
    body.append(_interaction(sheet))
    SubElement(item, "responseProcessing", template=MATCH)
    return item


def _before(sheet: Sheet) -> Iterator[Element]:
    for name, text in sheet.programs:
        yield _block("p", name)
        yield _block("pre", text)
    if sheet.machine:
        yield _block("pre", sheet.machine)


def _block(tag: str, text: str) -> Element:
    block = Element(tag)
    block.text = printable(text)
    return block


def _interaction(sheet: Sheet) -> Element:
    asked = sheet.question
    options = {"responseIdentifier": "RESPONSE", "shuffle": "false"}
    if asked.form == ORDER:
        interaction = Element("orderInteraction", options)
    else:
        most = "0" if asked.form == SEVERAL else "1"
        interaction = Element("choiceInteraction", options | {"maxChoices": most})
    SubElement(interaction, "prompt").text = printable(f"{asked.prompt} {sheet.task}")
    for place, choice in enumerate(asked.choices):
        made = SubElement(interaction, "simpleChoice", identifier=f"choice-{place}")
        made.text = printable(choice.text)
    return interaction


def _test(exam: Exam, pools: Sequence[Sequence[Sheet]]) -> Element:
    test = _root("assessmentTest", QTI)
    test.attrib |= {"identifier": f"exam-{exam.seed}", "title": printable(exam.title)}
    modes = {"navigationMode": "nonlinear", "submissionMode": "simultaneous"}
    part = SubElement(test, "testPart", {"identifier": "part"} | modes)
    # One answer to each, and neither feedback nor the solution while it is written.
    allowed = {"maxAttempts": "1", "showFeedback": "false", "showSolution": "false"}
    SubElement(part, "itemSessionControl", allowed)
    for number, pool in enumerate(pools, 1):
        shown = {"title": f"Question {number}", "visible": "true"}
        section = SubElement(part, "assessmentSection", {"identifier": f"section-{number}"} | shown)
        SubElement(section, "selection", select="1")
        for sheet in pool:
            name = _name(sheet)
            SubElement(section, "assessmentItemRef", identifier=name, href=f"{name}.xml")
    return test


def _manifest(paths: Sequence[str]) -> Element:
    manifest = _root("manifest", PACKAGE)
    manifest.set("identifier", "manifest")
    metadata = SubElement(manifest, "metadata")
    SubElement(metadata, "schema").text = "QTIv2.1 Package"
    SubElement(metadata, "schemaversion").text = "1.0.0"
    SubElement(manifest, "organizations")
    resources = SubElement(manifest, "resources")
    for path in paths:
        name, suffix = path.rsplit(".", 1)
        if suffix != "xml":
            continue
        kind = "imsqti_test_xmlv2p1" if name == "test" else "imsqti_item_xmlv2p1"
        about = {"identifier": f"resource-{name}", "type": kind, "href": path}
        resource = SubElement(resources, "resource", about)
        SubElement(resource, "file", href=path)
        if name == "test":
            for other in paths:
                if other.endswith(".xml") and other != path:
                    before = other.removesuffix(".xml")
                    SubElement(resource, "dependency", identifierref=f"resource-{before}")
        else:
            SubElement(resource, "file", href=f"{name}.svg")
    return manifest
