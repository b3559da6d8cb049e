"""Messages as email servers and people send them to the mailbox, about one email of ours."""

MTA = "Reporting-MTA: dns; mail.example.org\nArrival-Date: Wed, 25 Nov 2026 09:00:00 +0000\n"


def report(
    recipient: str,
    fields: str,
    original: str,
    *,
    status_type: str = "message/delivery-status",
    headers: str = "",
) -> str:
    """A multipart/report with these fields of the recipient and this third part."""
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mail.example.org\nAuto-Submitted: auto-replied\n"
        f"Subject: Undelivered Mail Returned to Sender\n{headers}MIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
        f"--B\nContent-Type: text/plain\n\nYour message could not be delivered.\n\n"
        f"--B\nContent-Type: {status_type}\n\n{MTA}\n"
        f"Final-Recipient: rfc822; {recipient}\n{fields}\n"
        f"--B\n{original}\n--B--\n"
    )


def whole(message_id: str) -> str:
    return (
        "Content-Type: message/rfc822\n\n"
        f"From: tracker@example.org\nSubject: Digest\nMessage-ID: {message_id}\n\nText.\n"
    )


def headers_only(message_id: str) -> str:
    return f"Content-Type: text/rfc822-headers\n\nSubject: Digest\nMessage-ID: {message_id}\n"


def postfix(to: str, message_id: str) -> str:
    fields = (
        f"Original-Recipient: rfc822;{to}\nAction: failed\nStatus: 5.1.1\n"
        "Remote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 550 5.1.1 <officer>: Recipient\n"
        "    address rejected: User unknown in virtual mailbox table\n"
    )
    return report(to, fields, headers_only(message_id))


def exchange(to: str, message_id: str) -> str:
    """Exchange Online can leave out the original and refer to it."""
    fields = (
        "Action: failed\nStatus: 5.4.1\n"
        "Diagnostic-Code: smtp;550 5.4.1 Recipient address rejected: "
        "Access denied. [AM6EUR05FT042.eop-eur05.prod.protection.outlook.com]\n"
    )
    original = "Content-Type: text/html\n\n<p>Office 365</p>\n"
    return report(to, fields, original, headers=f"In-Reply-To: {message_id}\n")


def gmail(to: str, message_id: str) -> str:
    fields = (
        "Action: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550-5.1.1 The email account that you "
        "tried to reach does not exist. Please try\n 550-5.1.1 double-checking\n"
        " 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser - gsmtp\n"
    )
    return report(to, fields, whole(message_id), headers=f"X-Failed-Recipients: {to}\n")


def exim(to: str, message_id: str) -> str:
    fields = "Action: failed\nStatus: 5.0.0\nX-Exim-Diagnostic: X-str; Unrouteable address\n"
    return report(to, fields, headers_only(message_id), headers=f"X-Failed-Recipients: {to}\n")


def internationalised(to: str, message_id: str) -> str:
    """RFC 6533, with another form of the address first."""
    fields = (
        f"Original-Recipient: utf-8; {to}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 Utilisateur inconnu : «officier»\n"
    )
    original = f"Content-Type: message/global-headers\n\nMessage-ID: {message_id}\n"
    return report(
        "officier@exämple.org", fields, original, status_type="message/global-delivery-status"
    )


def gateway(to: str, message_id: str) -> str:
    """A gateway that adds a warning puts the report into another message."""
    headers, _, content = exim(to, message_id).partition("MIME-Version: 1.0\n")
    warning = "--G\nContent-Type: text/plain\n\nThis email is from outside.\n"
    outer = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="G"\n\n'
    return f"{headers}{outer}{warning}--G\n{content}\n--G--\n"


def delayed(to: str, message_id: str) -> str:
    fields = "Action: delayed\nStatus: 4.4.1\nDiagnostic-Code: smtp; 451 4.4.1 timed out\n"
    return report(to, fields, headers_only(message_id))


def expired(to: str, message_id: str) -> str:
    fields = "Action: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 550 4.4.7 QUEUE.Expired\n"
    return report(to, fields, whole(message_id))


def out_of_office(to: str, message_id: str) -> str:
    return (
        f"From: {to}\nSubject: Automatic reply: Digest\nAuto-Submitted: auto-generated\n"
        f"In-Reply-To: {message_id}\n\nI am away until 4 January 2027.\n"
    )


def read_receipt(to: str, message_id: str) -> str:
    return (
        f"From: {to}\nContent-Type: multipart/report; report-type=disposition-notification; "
        f'boundary="B"\n\n--B\nContent-Type: text/plain\n\nRead\n\n--B\n'
        f"Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; {to}\n"
        f"Original-Message-ID: {message_id}\nDisposition: manual-action; displayed\n\n--B--\n"
    )


def from_a_person(to: str, message_id: str) -> str:
    return f"From: {to}\nSubject: Re: Digest\nIn-Reply-To: {message_id}\n\nThanks. Who asks?\n"
