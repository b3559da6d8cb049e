"""A mail that tells at once: what came back, was decided or answered, or is late."""

from dataclasses import dataclass

from recommendations import wording
from recommendations.digests.parts import Section


@dataclass(frozen=True, kw_only=True)
class NewsMail:
    """All that has happened for one reader since they were told last."""

    family = "news"

    sections: list[Section]
    path: str
    is_synthetic: bool

    @property
    def subject(self) -> str:
        items = [item for section in self.sections for item in section.items]
        if len(items) == 1:
            return f"{self.sections[0].heading}: {items[0].title}"
        facts = [f"{section.heading.lower()} ({len(section.items)})" for section in self.sections]
        return f"{wording.count(len(items), 'thing')} to look at: {', '.join(facts)}"
