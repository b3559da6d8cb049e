"""The weekly digest: who gets what (`content`), its words (`rendering`), that it is made once
(`ledger`) and sent (`outbox`). Design, rule 8 and section 8; docs/decisions/0008.
"""
