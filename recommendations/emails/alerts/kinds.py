"""The words for each kind of instant alert."""

from recommendations.models import Alert

# Of each kind of event: a heading, and what follows a number of one and of several.
KINDS: dict[str, tuple[str, str, str]] = {
    Alert.Kind.CLAIM_RETURNED: ("Claim returned", "claim was returned", "claims were returned"),
    Alert.Kind.MORE_TIME_DECIDED: (
        "Extension request decided",
        "extension request was decided",
        "extension requests were decided",
    ),
    Alert.Kind.QUESTION_ANSWERED: (
        "Question answered",
        "question was answered",
        "questions were answered",
    ),
    Alert.Kind.REVIEW_LATE: ("Review late", "review is late", "reviews are late"),
    Alert.Kind.REVIEW_ASSIGNED: (
        "Review assigned",
        "review was assigned",
        "reviews were assigned",
    ),
    Alert.Kind.SECOND_REVIEW: (
        "Second review needed",
        "claim waits for a second review",
        "claims wait for a second review",
    ),
    Alert.Kind.REMINDER: (
        "Update needed",
        "recommendation needs an update",
        "recommendations need an update",
    ),
    Alert.Kind.APPROVAL_WANTED: (
        "Approval needed",
        "update needs your approval",
        "updates need your approval",
    ),
    Alert.Kind.APPROVAL_LATE: (
        "Approval still needed",
        "update still needs your approval",
        "updates still need your approval",
    ),
    Alert.Kind.NOT_APPROVED: (
        "Returned by a chief officer",
        "update was returned by a chief officer",
        "updates were returned by a chief officer",
    ),
    Alert.Kind.APPROVED: (
        "Approved and submitted",
        "update was approved",
        "updates were approved",
    ),
    Alert.Kind.REQUEST_RECEIVED: (
        "Request of another organisation",
        "request waits for you",
        "requests wait for you",
    ),
    Alert.Kind.REQUEST_LATE: (
        "Answer to a request late",
        "answer to a request is late",
        "answers to requests are late",
    ),
    Alert.Kind.REQUEST_ANSWERED: (
        "Request answered",
        "request was answered",
        "requests were answered",
    ),
}
