"""An instant alert: what was returned, decided or answered, or is late."""

from dataclasses import dataclass

from recommendations.emails.sections import EmailSection


@dataclass(frozen=True, kw_only=True)
class AlertEmail:
    """Everything since the reader's last alert. Equal alerts share one content.

    `facts` has one entry a section, such as "14 reviews are late"; `total` counts all items, also
    those that a shortened section leaves out.
    """

    family = "alert"

    sections: tuple[EmailSection, ...]
    facts: tuple[str, ...]
    total: int
    path: str
    is_synthetic: bool

    @property
    def subject(self) -> str:
        if self.total == 1:
            return f"{self.sections[0].heading}: {self.sections[0].items[0].title}"
        return ", ".join(self.facts)
