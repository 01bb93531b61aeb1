package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/storage/lazyregexp"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// moment is the date of publication in the fields of a form.
type moment struct{ Date, Time, Zone string }

var momentForm = lazyregexp.New(`^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)\s?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?$`)

var plainDate = lazyregexp.New(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// Odd tells that a field for days would show nothing of what was typed.
func (m moment) Odd() bool { return m.Date != "" && !plainDate.MatchString(m.Date) }

// momentOf takes a date apart; ok is false if the fields would lose something of it.
func momentOf(published string) (m moment, ok bool) {
	if published = strings.TrimSpace(published); published == "" {
		return m, true
	}
	found := momentForm.FindStringSubmatch(published)
	if found == nil {
		return m, false
	}
	return moment{found[1], found[2], strings.Replace(strings.ToUpper(found[3]), "+00:00", "Z", 1)}, true
}

// published is the date as a document has it; nothing for as soon as it is approved.
func (m moment) published() (string, error) {
	switch {
	case m.Date == "" && m.Time == "":
		return "", nil
	case m.Date == "":
		return "", fmt.Errorf("%w: there is a time, and no day: write the day, too, or leave both empty", press.ErrInvalid)
	case m.Time == "" && m.Zone == "":
		return m.Date, nil
	case m.Time == "":
		return m.Date + "T00:00" + m.Zone, nil // the day begins there, and not where the ministry is
	case m.Zone == "":
		return m.Date + " " + m.Time, nil
	}
	return m.Date + "T" + m.Time + m.Zone, nil
}

// offsets are those that zones have, from west to east, in whole hours and as some have them.
func offsets() (all []string) {
	for minutes := -12 * 60; minutes <= 14*60; minutes += 15 {
		odd := slices.Contains([]int{-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765}, minutes)
		if minutes == 0 {
			all = append(all, "Z")
		} else if minutes%60 == 0 || odd {
			sign, size := '+', minutes
			if minutes < 0 {
				sign, size = '-', -minutes
			}
			all = append(all, fmt.Sprintf("%c%02d:%02d", sign, size/60, size%60))
		}
	}
	return all
}

// written is what a form says: for the form, should it be shown again, and as a document with
// files. The error is why it cannot be saved.
func (d *Desk) written(u upload) (view writingView, files newsroom.Enclosed, err error) {
	view.On, _ = strconv.Atoi(u.Get("on"))
	view.AsText, view.SentFiles = u.Get("as") == "text", len(u.Files) > 0
	view.Taken, view.Shown = u.Get("taken"), press.State(u.Get("shown"))
	view.How = manuscripts.How{
		Note: strings.TrimSpace(lines(u.Get("note"))), Minor: u.Get("minor") != "", Hide: u.Get("hide") != "", Silent: u.Get("silent") != "", Meant: u.ticked(),
	}
	var noInstant error
	view.Goes = moment{strings.TrimSpace(u.Get("goes-date")), strings.TrimSpace(u.Get("goes-time")), u.Get("goes-zone")}
	view.How.At, view.How.Local, noInstant = d.doneAt(&view.Goes)
	for n := range manuscripts.MaxFiles {
		if name := u.Get("drop-" + strconv.Itoa(n)); name != "" {
			files.Drop = append(files.Drop, name)
		}
	}
	if view.AsText {
		view.Document = lines(u.Get("document"))
		view.OnlyText = u.Get("only") != ""
	} else if err = view.compose(u); err == nil {
		view.Document = string(view.C.Document())
	}
	for _, f := range u.Files {
		if strings.HasPrefix(f.Field, "image") {
			err = errors.Join(err, newsroom.CheckPicture(f.Enclosure))
		}
		files.Put = append(files.Put, f.Enclosure)
	}
	err = errors.Join(err, noInstant)
	if len(view.Document) > newsroom.MaxDocument {
		err = fmt.Errorf("%w: the text is larger than %s: no article is", press.ErrInvalid, mebibytes(newsroom.MaxDocument))
	}
	return view, files, err
}

// ticked are the refusals of which a form says that they are meant.
func (u *upload) ticked() (all []string) {
	for _, m := range meanings(manuscripts.Correction, manuscripts.How{}) {
		if u.Get("meant-"+m.Name) != "" {
			all = append(all, m.Name)
		}
	}
	return all
}

// lines are the lines of a text, which forms end by two characters (WHATWG HTML §4.10.22.4).
func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// compose reads the fields of the form.
func (v *writingView) compose(u upload) (err error) {
	v.At = moment{strings.TrimSpace(u.Get("date")), strings.TrimSpace(u.Get("time")), u.Get("zone")}
	v.TagLines = lines(u.Get("tags"))
	v.C = newsroom.Composition{
		Title: u.Get("title"), Section: u.Get("section"), Language: u.Get("language"), Lead: strings.TrimSpace(lines(u.Get("lead"))), TranslationOf: strings.TrimSpace(u.Get("translation_of")),
		Article: u.Get("article"), Revision: u.Get("edition"), Text: lines(u.Get("text")),
	}
	particularsIn(u, &v.C)
	for tag := range strings.Lines(v.TagLines) {
		if tag = strings.TrimSpace(tag); tag != "" {
			v.C.Tags = append(v.C.Tags, tag)
		}
	}
	for n := range press.MaxImages + freeImages {
		if image, ok := imageIn(u, "image"+strconv.Itoa(n)); ok {
			v.C.Images = append(v.C.Images, image)
		}
	}
	if strings.TrimSpace(v.C.Title) == "" {
		err = fmt.Errorf("%w: it has no title yet: write one, if a provisional one", press.ErrInvalid)
	}
	var bad error
	if v.At, bad = v.At.inOffset(); bad == nil {
		v.C.Published, bad = v.At.published()
	}
	if bad != nil {
		err = bad
	}
	return err
}

// imageIn reads an image of the form; ok is false of a row that is empty, or taken out.
func imageIn(u upload, at string) (image newsroom.ComposedImage, ok bool) {
	get := func(name string) string { return strings.TrimSpace(u.Get(at + name)) }
	image = newsroom.ComposedImage{Src: get("src"), Alt: get("alt"), Caption: get("caption"), Credit: get("credit"), Terms: get("terms")}
	for _, f := range u.Files {
		if f.Field == at+"file" {
			image.Src = f.Name
		}
	}
	var focus press.Focus
	if json.Unmarshal([]byte(get("focus")), &focus) == nil {
		image.Focus = &focus
	}
	return image, (image != newsroom.ComposedImage{}) && get("drop") == ""
}

// plainly is an error without the word by which programs know what kind it is.
func plainly(err error) string {
	text := strings.TrimPrefix(err.Error(), "the text: ") // of which everybody knows that it is about it
	for _, kind := range []error{press.ErrInvalid, press.ErrConflict} {
		text = strings.TrimPrefix(text, kind.Error()+": ")
	}
	return text
}
