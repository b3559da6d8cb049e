"""Every write of the service, one action a file.

An action is a keyword-only function that takes `at` (a UTC instant; no action reads the clock)
and `by` (the user). In one transaction it locks what it changes, raises a `Refusal` (a sentence
for the user) if the change is not allowed, writes, records the audit event, settles the flags and
counts the revision. Most use `recommendations.actions.change.changing` for this. Locks are always
taken in the order of `recommendations.actions.change`.
"""
