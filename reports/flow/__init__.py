"""The flow: which pages people see one step after another, from a page or the start of visits on, or backwards.

A column is a step. In it are the pages that most visits have there, the rest gathered as one,
and the ends: those that left the site, or backwards, those that came to it. A visit takes one
way through the columns, so what comes into a page also goes on or ends there.
"""
