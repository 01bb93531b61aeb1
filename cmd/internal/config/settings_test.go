package config

import (
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// TestSettingsTellConfigurationsApart: a change of whichever field is seen, and which
// setting it is in; the same file gives the same.
func TestSettingsTellConfigurationsApart(t *testing.T) {
	t.Parallel()
	base := Config{Zone: time.UTC}
	if !maps.Equal(base.Settings(), Config{Zone: time.UTC, Data: "elsewhere", Listen: ":80", Server: "postgres://db", Log: Log{Format: "json"}, Journal: "elsewhere", Metrics: ":1", Traces: "http://collector", Desk: Desk{Listen: ":2"}, TLS: TLS{ACME: LetsEncrypt}, Limits: Limits{Idle: 1}}.Settings()) {
		t.Error("where it lies and listens, what it logs, where its journal is, where it is watched or what it lets clients take counts")
	}
	fields := reflect.TypeFor[Config]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		if slices.Contains([]string{"Data", "Listen", "Server", "Log", "Journal", "Metrics", "Traces", "Desk", "TLS", "Limits"}, name) {
			continue
		}
		changed := base
		switch v := reflect.ValueOf(&changed).Elem().Field(i); v.Interface().(type) {
		case *time.Location:
			changed.Zone = time.FixedZone("Elsewhere", 0)
		case []netip.Prefix:
			v.Set(reflect.ValueOf([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}))
		default:
			fill(v)
		}
		differ := 0
		for setting, digest := range changed.Settings() {
			if digest != base.Settings()[setting] {
				differ++
			}
		}
		if differ != 1 {
			t.Errorf("%s is in %d settings", name, differ)
		}
		switch name { // as little as is not left out
		case "Names":
			changed.Names = map[press.Language]string{"fr": "Le Ministère"}
		case "Kinds":
			changed.Kinds = []Kind{{Name: "speech"}}
		case "Announcers":
			changed.Announcers = []Announcer{{Language: "fr"}}
		case "MaxFileSize":
			changed.MaxFileSize = 1 << 20
		}
		before, err := base.Lines()
		if err != nil {
			t.Fatal(err)
		}
		after, err := changed.Lines()
		if err != nil {
			t.Fatal(err)
		}
		if maps.Equal(before, after) {
			t.Errorf("%s is in no line", name)
		}
	}
}

// TestLinesHaveTheDesksAddress: where a machine's desk listens is its own matter; the address
// by which people come is that of all machines.
func TestLinesHaveTheDesksAddress(t *testing.T) {
	t.Parallel()
	for desk, want := range map[Desk]string{
		{}: "",
		{Listen: "127.0.0.1:8481", URL: "http://127.0.0.1:8481"}:      "",
		{Listen: "127.0.0.1:8481", URL: "https://desk.mfa.example"}:   "https://desk.mfa.example",
		{Listen: "10.0.0.6:8481", URL: "https://desk.mfa.example"}:    "https://desk.mfa.example",
		{Listen: "127.0.0.1:8481", URL: "https://press.example/desk"}: "https://press.example/desk",
	} {
		lines, err := Config{Zone: time.UTC, Desk: desk}.Lines()
		if err != nil {
			t.Fatal(err)
		}
		if got := lines["desk.url"]; got != want {
			t.Errorf("%+v has the line %q, want %q", desk, got, want)
		}
	}
}

// fill gives a value another one than zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int64:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem())
	case reflect.Struct:
		fill(v.Field(0))
	}
}

// TestLines: each value stands under the name that it has in the file, and what may be
// secret is not there.
func TestLines(t *testing.T) {
	t.Parallel()
	c := Config{
		Zone: time.UTC, Name: "The Ministry", Names: map[press.Language]string{"fr": "Le Ministère"}, MaxFileSize: 20 << 20,
		Actor:      Actor{Name: "ministry", Fields: []Field{{"Website", "https://mfa.example/"}}},
		Announcers: []Announcer{{Actor: Actor{Name: "speaker"}, Section: "The Ministry", Language: "fr"}},
		Purge:      Purge{URL: "http://cache", Header: map[string]string{"Authorization": "Bearer s3cret"}},
	}
	got, err := c.Lines()
	if err != nil {
		t.Fatal(err)
	}
	digest := got["purge.header"]
	if !strings.HasPrefix(digest, "secret, digest ") {
		t.Errorf("the header is %q", digest)
	}
	want := map[string]string{
		"timezone": "UTC", "name": "The Ministry", "names.fr": "Le Ministère", "max_file_size": "20", "actor.name": "ministry",
		"actor.fields[0].name": "Website", "actor.fields[0].value": "https://mfa.example/", "actors[0].name": "speaker",
		"actors[0].section": "The Ministry", "actors[0].language": "fr", "purge.url": "http://cache", "purge.header": digest,
	}
	if !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
