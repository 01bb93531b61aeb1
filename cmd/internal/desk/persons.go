package desk

import (
	"errors"
	"net/http"
	"strconv"

	"communique/cmd/internal/newsroom"
	"communique/storage/people"
	"communique/storage/press"
)

// personsView is how many persons it takes, section by section.
type personsView struct {
	Rules    []personsLine
	Sections []sectionChoice
	Done     string
	Wrong    string
}

// personsLine is how many persons an act takes in a section.
type personsLine struct {
	Number  int64 // of the section
	Section string
	Act     people.Act
	Own     int // 0 is as many as above
	Holds   int
	Asked   string // what is asked for; empty if nothing is
	AskedBy string
	When    instant
	Shown   string
	Why     string // the one who looks may not agree
}

// Act names in words.
var actNames = map[people.Act]string{people.Release: "To publish or correct", people.Withdrawal: "To withdraw what is public"}

// What is the act in words.
func (l personsLine) What() string { return actNames[l.Act] }

func (d *Desk) personsPage(w http.ResponseWriter, r *http.Request) error {
	return d.showPersons(w, r, http.StatusOK, "")
}

func (d *Desk) showPersons(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	rules, tree, err := d.personsLines(r)
	if err != nil {
		return err
	}
	view := personsView{Rules: rules, Sections: d.sections(tree), Wrong: wrong}
	switch r.URL.Query().Get("done") {
	case "holds":
		view.Done = "It holds from now on."
	case "waits":
		view.Done = "It waits, under Rights, until another operator or approver has agreed. Until then it is as it was."
	}
	return d.show(w, r, status, "persons", "How many persons it takes", view)
}

func (d *Desk) personsLines(r *http.Request) (all []personsLine, tree press.Tree, err error) {
	rules, tree, err := visitOf(r).Room.PersonsRules(r.Context())
	for _, rule := range rules {
		l := personsLine{Number: int64(rule.Section), Section: "The whole site", Act: rule.Act, Own: rule.Persons, Holds: rule.Holds, AskedBy: rule.AskedBy, When: d.instant(r.Context(), rule.AskedAt), Shown: rule.Shown()}
		if s, ok := tree.Section(rule.Section); ok && rule.Section != press.Root {
			l.Section = s.Name(d.Room.Language, d.Room.Language)
		}
		switch rule.Asked {
		case 0:
			l.Asked = "as many as above"
		case 1:
			l.Asked = "one person"
		}
		switch {
		case rule.Why == nil:
		case errors.Is(rule.Why, newsroom.ErrNotSecond), errors.Is(rule.Why, newsroom.ErrOwn):
			l.Why = "You can’t agree to this: you have asked for it, or made the link of who has. Another operator or approver has to."
		case errors.Is(rule.Why, newsroom.ErrMayNot):
			l.Why = "It takes an operator, or an approver of all that it is about."
		default:
			l.Why = "Who has asked for it is no operator any more: it has to be asked for anew."
		}
		all = append(all, l)
	}
	return all, tree, err
}

// askedRules are the rules to which a second person has yet to agree.
func (d *Desk) askedRules(r *http.Request) (all []personsLine, err error) {
	rules, _, err := d.personsLines(r)
	for _, l := range rules {
		if l.Asked != "" {
			all = append(all, l)
		}
	}
	return all, err
}

// setPersons changes how many persons it takes, or asks for it.
func (d *Desk) setPersons(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	tree, err := d.tree(r.Context())
	if err != nil {
		return err
	}
	section := press.Root
	if path := r.PostForm.Get("section"); path != "" {
		s, ok := tree.ByPath(press.Path(path))
		if !ok {
			return press.ErrNotFound
		}
		section = s.ID
	}
	persons, err := strconv.Atoi(r.PostForm.Get("persons"))
	if err != nil {
		persons = -1
	}
	waits, err := visitOf(r).Room.SetPersons(r.Context(), section, people.Act(r.PostForm.Get("act")), persons)
	if errors.Is(err, press.ErrInvalid) {
		return d.showPersons(w, r, http.StatusUnprocessableEntity, "Nothing was changed: choose how many persons it takes.")
	}
	if err != nil {
		return err
	}
	done := "holds"
	if waits {
		done = "waits"
	}
	http.Redirect(w, r, "/rules?done="+done, http.StatusSeeOther)
	return nil
}

func (d *Desk) agreeToPersons(w http.ResponseWriter, r *http.Request) error {
	section, act, err := ruleIn(r)
	if err != nil {
		return err
	}
	return d.doneRight(w, r, "rule", visitOf(r).Room.AgreeToPersons(r.Context(), section, act, r.PostForm.Get("shown")))
}

func (d *Desk) disagreeToPersons(w http.ResponseWriter, r *http.Request) error {
	section, act, err := ruleIn(r)
	if err != nil {
		return err
	}
	return d.doneRight(w, r, "refused", visitOf(r).Room.DisagreeToPersons(r.Context(), section, act))
}

// ruleIn is which rule a form is about.
func ruleIn(r *http.Request) (press.SectionID, people.Act, error) {
	if err := readForm(r); err != nil {
		return 0, "", err
	}
	number, err := strconv.ParseInt(r.PostForm.Get("section"), 10, 64)
	if err != nil {
		return 0, "", press.ErrNotFound
	}
	return press.SectionID(number), people.Act(r.PostForm.Get("act")), nil
}
