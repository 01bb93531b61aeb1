package site

import (
	"io"
	"strings"

	"communique/storage/press"
)

// InputFault is what is wrong with what a reader entered as their server.
type InputFault string

// Faults of the name of a server, or of an address there.
const (
	InputEmpty  InputFault = "empty"
	InputOurs   InputFault = "our own address"
	InputServer InputFault = "not the name of a server"
	InputUser   InputFault = "not an address at a server"
)

// Input is a form of a page, with what is wrong with what was entered.
type Input struct {
	Language press.Language
	Action   string // "/follow" or "/share"
	Article  string // the id of what is shared; empty when following
	Entered  string
	Fault    InputFault
	Text     string // the part that is wrong
}

type inputView struct {
	frame
	Before, After  string // around the part that is wrong
	Wrong          string
	Label, Button  string
	Action         string
	Entered, About string // About is the id of what is shared
}

// Input writes a form again; the caller sets the status code.
func (s *Site) Input(w io.Writer, i Input) error {
	f := s.frame(i.Language)
	f.NoIndex = true
	f.Trail = s.trail(nil, i.Language, f.W)
	f.Feeds = s.feeds(i.Language, Text{}, "")
	f.Title = f.W.InputWrong + " – " + s.id.Name(i.Language)
	view := inputView{frame: f, Label: f.W.FollowFrom, Button: f.W.FollowGo, Action: i.Action, Entered: i.Entered, About: i.Article}
	if i.Article != "" {
		view.Label, view.Button = f.W.ShareFediverse, f.W.ShareGo
	}
	var found bool
	if view.Before, view.After, found = strings.Cut(f.W.inputFault(i.Fault), "{text}"); found {
		view.Wrong = i.Text
	}
	return s.execute(w, "input", view)
}

func (w *Words) inputFault(f InputFault) string {
	switch f {
	case InputEmpty:
		return w.InputEmpty
	case InputOurs:
		return w.InputOurs
	case InputUser:
		return w.InputUser
	default:
		return w.InputServer
	}
}
