"""Forms: what a resident fills in, kept to the last letter until it is a case.

Owns the definitions of forms (in the Form.io component vocabulary as Open Forms uses it) and their versions, drafts with
their files, and submissions. One engine on the server decides what is asked and whether it is right; the browser follows.
Leaves to others: the case and its documents (zaken, documenten), the receipt and mail (messages), who somebody is (people),
where prefilled facts come from (personen), and what the answers mean for a scheme (schemes).
"""
