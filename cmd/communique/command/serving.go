package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// serving is whether what a command does gets out, as each that does something prints it
// with --json.
type serving struct {
	// Served is whether a server runs.
	Served bool `json:"served"`
	// Unconfirmed is set if none may run, before a restore is confirmed.
	Unconfirmed bool `json:"unconfirmed,omitempty"`
	// Held is set if the server that runs sends nothing to anybody.
	Held bool `json:"held,omitempty"`
	// RestartFor names the settings that the server which runs was started without.
	RestartFor []string `json:"restart_for,omitempty"`

	backup string // that was restored and is not confirmed: when it was made
}

// serving looks for the server of the installation. What cannot be told counts as well:
// it is not what was asked.
func (in *installation) serving(ctx context.Context) serving {
	s := serving{Served: true}
	if r, err := in.restoration(ctx); err == nil && r.Waits() {
		s.Unconfirmed, s.backup = true, in.second(r.Made)
	}
	served, started, err := in.served(ctx)
	if err != nil {
		return s
	}
	s.Served = served
	if served && started != nil {
		s.Held, s.RestartFor = in.isHeld(started), in.changed(started, in.settings(ctx))
	}
	return s
}

// settingPaused is the setting that --hold-deliveries overrides.
const settingPaused = "paused"

// isHeld tells whether a server that was started with settings sends nothing.
func (in *installation) isHeld(started map[string]string) bool {
	c := in.config
	c.Paused = true
	return started[settingPaused] == c.Settings()[settingPaused]
}

// changed are the settings that a server was started without: what it was told by a flag is
// none of them.
func (in *installation) changed(started, now map[string]string) []string {
	all := differing(started, now)
	if in.isHeld(started) {
		all = slices.DeleteFunc(all, func(name string) bool { return name == settingPaused })
	}
	return all
}

// differing are the names under which two sets of settings differ.
func differing(a, b map[string]string) []string {
	all := map[string]bool{}
	for name := range a {
		all[name] = a[name] != b[name]
	}
	for name := range b {
		all[name] = a[name] != b[name]
	}
	maps.DeleteFunc(all, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(all))
}

// What becomes of what was done when a server runs again.
const (
	goesOut   = "it will go out"
	wouldGo   = "it would go out"
	takesHold = "it will be seen outside"
)

// sayServing tells people what keeps that which was done from being seen.
func (a *app) sayServing(ctx context.Context, in *installation, what string) {
	s := in.serving(ctx)
	switch {
	case a.json:
	case s.Unconfirmed:
		a.say("Nothing goes out: this site was restored from a backup of %s, and is not served before communique restore --confirm; %s when serve runs after that.", s.backup, what)
	case !s.Served:
		a.say("No server runs on %s: %s when serve runs.", in.config.Data, what)
	case s.Held:
		a.say("Nothing goes out: the server that runs holds all deliveries (paused, or --hold-deliveries); %s when it is started without.", what)
	case len(s.RestartFor) > 0:
		a.say("%s", outdated(s.RestartFor))
	}
}

// outdated says that the server is to be restarted, and why.
func outdated(settings []string) string {
	return fmt.Sprintf("The server that runs was started before these were changed, and does not know of it: %s. Restart communique serve.", strings.Join(settings, ", "))
}

// acted prints what was done: an object, to which it adds whether that gets out, or a
// line for people and what keeps it from that.
func (a *app) acted(ctx context.Context, in *installation, what string, line any, format string, args ...any) error {
	if a.json {
		return a.objectServed(ctx, in, line)
	}
	a.say(format, args...)
	a.sayServing(ctx, in, what)
	return nil
}

// objectServed prints an object with the fields of [serving] at its end.
func (a *app) objectServed(ctx context.Context, in *installation, line any) error {
	return a.objectWith(line, in.serving(ctx))
}

func (a *app) objectWith(line any, s serving) error {
	var parts [2]bytes.Buffer
	for i, part := range []any{line, s} {
		e := json.NewEncoder(&parts[i])
		e.SetEscapeHTML(false)
		if err := e.Encode(part); err != nil {
			return err
		}
	}
	head := bytes.TrimSuffix(bytes.TrimSpace(parts[0].Bytes()), []byte("}"))
	tail := bytes.TrimPrefix(parts[1].Bytes(), []byte("{"))
	_, err := a.Stdout.Write(slices.Concat(head, []byte(","), tail))
	return err
}
