"""Messages: what the town confirms and tells a person, and the proof of it.

Owns receipts (Awb 2:13 ff. after the Wmebv), letters in 'Mijn zaken' with the moment they became accessible and were first
opened, and mails without content that announce them. Leaves the text of a decision to ``casework`` and the pages to ``portal``.
"""
