"""Every write, one deed a file.

An action is a keyword-only function that takes `at` (an instant; nothing here asks the clock)
and `by` (who acts). In one transaction it locks what it changes, refuses what makes no sense
with a `Refusal` (a sentence for the person), writes, records the audit event, settles the flags
and counts the revision. `recommendations.actions.change.changing` is the frame of it. Locks are
always taken in this order: assignments, the audit chain, the inspection's revision.
"""
