"""People and their tokens as items."""

from aurora_time.ports import ABSENT, Delete, Put
from aurora_time.store import keys, people
from aurora_time.store.codec import decode, encode
from aurora_time.store.people import Person, Pointer, Subject, SubjectName, Token


def test_an_address_belongs_to_one_person():
    person = Person("p", "Ann@example.org", "Ann", "Europe/Berlin", "en", 1, 1)
    profile, address = people.new_person(person, "v")
    assert isinstance(profile, Put)
    assert isinstance(address, Put)
    assert decode(profile.body, Person) == person
    assert person.home.id == "Europe/Berlin"
    assert address.key == keys.email("ann@EXAMPLE.org")
    assert (profile.expect, address.expect) == (ABSENT, ABSENT)
    subject, name = people.subject_items(SubjectName("issuer", "sub"), "p", "v", "ann@example.org")
    assert isinstance(subject, Put)
    assert isinstance(name, Put)
    assert decode(subject.body, Subject) == Subject("p", 0, "ann@example.org")
    assert decode(encode(Pointer("p")), Subject) == Subject("p"), "as it was stored before"
    assert (decode(name.body, SubjectName), name.key.part) == (SubjectName("issuer", "sub"), "subjects#p")


def test_nothing_of_an_address_stays_with_who_has_another():
    person = Person("p", "ann@example.org", "Ann", "Europe/Berlin", "en", 1, 1)
    changes = people.moved(person, "v", "anna@example.org", 2, "w")
    gone = {change.key for change in changes if isinstance(change, Delete)}
    assert gone == {keys.email("ann@example.org"), keys.refusals("ann@example.org"), keys.held("ann@example.org")}


def test_a_token_is_found_by_its_hash_and_in_its_owners_list_and_leaves_both():
    token = Token("t", "p", "script", ("events:read",), 1, people.hash_secret("secret"), expires=99)
    made = people.token_items(token, "v")
    assert {change.key for change in made} == {keys.token(people.hash_secret("secret")), keys.tokens("p", "t")}
    assert all(isinstance(change, Put) and change.expires == 99 for change in made)
    assert all(b"secret" not in change.body for change in made if isinstance(change, Put))
    gone = people.token_removal(token, "v")
    assert {change.key for change in gone} == {change.key for change in made}
    assert Delete(keys.tokens("p", "t"), "v") in gone
