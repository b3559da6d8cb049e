"""A mail that tells at once: what came back, was decided or answered, or is late."""

from dataclasses import dataclass

from recommendations import wording
from recommendations.emails.sections import Section


@dataclass(frozen=True, kw_only=True)
class NewsMail:
    """All that has happened for one reader since they were told last. Equal ones are one content.

    `counts` are of all that happened, section by section, also where one is shortened.
    """

    family = "news"

    sections: tuple[Section, ...]
    counts: tuple[int, ...]
    path: str
    is_synthetic: bool

    @property
    def subject(self) -> str:
        if sum(self.counts) == 1:
            return f"{self.sections[0].heading}: {self.sections[0].items[0].title}"
        named = zip(self.sections, self.counts, strict=True)
        facts = [f"{section.heading.lower()} ({count})" for section, count in named]
        return f"{wording.count(sum(self.counts), 'thing')} to look at: {', '.join(facts)}"
