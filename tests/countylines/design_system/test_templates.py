"""What holds for every template and every built file."""

import gzip
import re
import shutil
import subprocess

import pytest
from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template

TEMPLATES = settings.BASE_DIR / "templates"
PATHS = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
INLINE = re.compile(r"\s(?:style|on[a-z]+)\s*=\s*[\"']", re.IGNORECASE)
FIXED_ADDRESS = re.compile(r"""(?:href|action|address)=["']/(?!accounts/)""")  # sign-in is for all
SCRIPT = re.compile(r"<script(?![^>]*(?:\bnonce=|\bsrc=))[^>]*>", re.IGNORECASE)
DASHBOARD_CLASSES = """
    app-heatmap app-cell--implemented app-cell--evidence-submitted app-cell--in-progress
    app-cell--not-started app-cell--withdrawn app-cell--overdue app-legend app-tilemap
    app-chart__plan app-chart__actual app-spark app-bar app-strip app-dense app-sentence
"""


def test_every_template_compiles():
    faults = []
    for path in PATHS:
        try:
            get_template(path)
        except TemplateSyntaxError as error:
            faults.append(f"{path}: {error}")
    assert faults == []


def test_no_template_holds_an_inline_style_or_script():
    """The content security policy would refuse it, except a script with the nonce."""
    pages = [path for path in PATHS if not path.startswith("digests/email")]
    texts = {path: (TEMPLATES / path).read_text(encoding="utf-8") for path in pages}
    assert [path for path in pages if INLINE.search(texts[path])] == []
    assert [path for path in pages if SCRIPT.search(texts[path])] == []


def test_every_address_keeps_the_inspection_of_the_page():
    """They begin with `{% url %}`, `{% page_url %}` or `{% root %}`."""
    texts = {path: (TEMPLATES / path).read_text(encoding="utf-8") for path in PATHS}
    pages = [path for path in PATHS if not path.startswith(("mfa/", "4", "5", "error_base"))]
    assert [path for path in pages if FIXED_ADDRESS.search(texts[path])] == []


def test_every_component_is_in_the_list():
    listed = (TEMPLATES / "components" / "README.md").read_text(encoding="utf-8")
    files = {path.stem for path in (TEMPLATES / "components").glob("*.html")}
    assert files == set(re.findall(r"^\| `(\w+)`", listed, re.MULTILINE))


@pytest.fixture(scope="module")
def css(tmp_path_factory) -> str:
    """The style sheet, built from the sources as they stand."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("Node 20 or newer is needed to build the styles.", pytrace=False)
    if not (settings.BASE_DIR / "node_modules").exists():
        pytest.fail("There is no node_modules: run `npm ci` first.", pytrace=False)
    target = tmp_path_factory.mktemp("build")
    subprocess.run([node, "static/build.mjs", target], cwd=settings.BASE_DIR, check=True)
    return (target / "main.css").read_text(encoding="utf-8")


class TestStyles:
    def test_no_restricted_font_and_no_foreign_address(self, css):
        assert "GDS Transport" not in css
        assert "@font-face" not in css
        assert not re.search(r"url\((?!\"?data:)", css)
        assert "sourceMappingURL" not in css

    def test_the_classes_of_the_dashboards_are_there(self, css):
        for name in DASHBOARD_CLASSES.split():
            assert f".{name}" in css, name

    def test_no_page_uses_a_class_that_the_build_drops(self):
        unused = (settings.BASE_DIR / "static" / "unused_classes.txt").read_text().split()
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(unused)})(?![\w-])")
        folders = ("templates", "recommendations", "forces", "countylines", "static/js")
        paths = [path for name in folders for path in (settings.BASE_DIR / name).rglob("*.*")]
        sources = [path for path in paths if path.suffix in {".html", ".py", ".js"}]
        assert [path for path in sources if pattern.search(path.read_text("utf-8"))] == []

    def test_it_is_small(self, css):
        assert len(gzip.compress(css.encode())) < 21_000, "a first visit is 71 kB at most"

    def test_the_letters_of_a_cell_beat_the_general_link_colour(self, css):
        rule = re.search(r"\.app-cell--implemented \.app-cell__link:visited\{([^}]*)\}", css)
        assert rule is not None
        assert "color:#fff" in rule.group(1)
