"""Every word of announcements and remarks can be translated: it is extracted, and nothing is said past gettext."""

import ast
import re
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
HANDLERS = ROOT / "handlers"
FILES = [*sorted((HANDLERS / "announce").glob("*.py")), ROOT / "bot" / "domain" / "remarks.py"]
KEYWORDS = {"_": None, "mark": None, "ngettext": (1, 2)}
HOW = (
    "write it anew: pybabel extract --no-location --sort-output --omit-header "
    "-F handlers/locales/babel.cfg -k mark -o handlers/locales/holdwatch.pot handlers bot/domain/remarks.py"
)


def extracted() -> set[object]:
    return {m[1] for path in FILES for m in extract_from_file("python", path, keywords=KEYWORDS)}


def calls(tree: ast.AST) -> list[ast.Call]:
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    return [n for n in found if isinstance(n.func, ast.Name) and n.func.id in KEYWORDS]


def test_every_text_given_to_gettext_is_extracted() -> None:
    wanted: set[object] = set()
    for path in FILES:
        for call in calls(ast.parse(path.read_text("utf-8"))):
            texts = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            wanted |= {tuple(texts) if len(texts) > 1 else texts[0]} if texts else set()
    assert wanted == extracted()
    assert len(wanted) > 200


def test_no_words_are_said_past_gettext() -> None:
    past = []
    for path in FILES:
        tree = ast.parse(path.read_text("utf-8"))
        fine = {id(n) for call in calls(tree) for n in ast.walk(call)}
        fine |= {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if id(node) not in fine and re.search(r"[A-Za-z]{2,} [A-Za-z]|[a-z]{3,}[:,.] ", text) and text not in LINES:
                past.append(f"{path.name}:{node.lineno} {text}")
    assert past == []


#: Constants with a blank that are no words: what buttons type, and reasons as the rules spell them.
LINES = {
    "got it", "not filed", "papers sent now", "crossed now", "agency ok", "filer yes", "manifest accepted now",
    "sticker ours", "sticker theirs", "/shipper us carm", "carm ask", '" carm ask', " set phone=555-0142",
    " importer NAME", "eta +30m", "eta +1h", "eta +2h", "/feed outage ",
}  # fmt: skip


def test_translators_get_the_words_of_today() -> None:
    catalogue = read_po(BytesIO((HANDLERS / "locales" / "holdwatch.pot").read_bytes()))
    known = {m.id for m in catalogue}
    assert extracted() - known == set(), HOW


def test_the_extraction_settings_find_all_handlers() -> None:
    found = {m[0] for m in extract_from_dir(HANDLERS, [("**.py", "python")], keywords=KEYWORDS)}
    assert {"announce/holdtable.py", "announce/events.py", "words.py"} - found <= {"words.py"}
