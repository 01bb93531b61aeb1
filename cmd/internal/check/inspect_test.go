package check

import (
	"context"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage/tsv"
)

var update = flag.Bool("update", false, "write RULES.md anew")

// installed is a site that is asked, and what its installation knows of it.
type installed struct {
	site    Site
	answers map[string]Document // by path, and by Accept of an article's page
	err     error               // of everything that the installation is asked
	none    bool                // no article was published
	keyless string              // the handle of an actor that has no key
	machine Machine
}

// good is a site without fault, at its own address.
func good() *installed {
	in := &installed{answers: map[string]Document{}, machine: Machine{Folder: "/srv", Backups: Judged{Verdict: OK}, Free: 2 << 30, Total: 4 << 30}}
	in.site = Site{
		Base: base, Actors: []Account{ministry, {Handle: "instance@mfa.example", ID: base + "/actors/instance"}},
		HandleDomain: "mfa.example", SharedInbox: base + "/ap/inbox", Feed: home + "feed.atom", Version: "1.0",
	}
	finger := []string{"Content-Type", "application/jrd+json", "Access-Control-Allow-Origin", "*"}
	in.answers["acct:ministry@press.mfa.example"] = document("", jrd(), finger...)
	in.answers["acct:ministry@mfa.example"] = in.answers["acct:ministry@press.mfa.example"]
	in.answers[base+"/"] = document("", m{"links": []any{m{"rel": activityStreams + "#Service", "href": base + "/actors/instance"}}}, finger...)
	in.answers["/.well-known/nodeinfo"] = document("", m{"links": []any{m{"rel": activityStreams + "#Application", "href": base + "/actors/instance"}}})
	in.answers["/nodeinfo/2.1"] = document("", m{"software": m{"name": "communique", "version": "1.0"}})
	in.answers["/actors/ministry"] = document("", actorFields(), "Content-Type", activityJSON)
	in.answers["/actors/instance"] = document("", instanceFields(), "Content-Type", activityJSON)
	for _, name := range []string{"followers", "following", "outbox"} {
		in.answers["/actors/ministry/"+name] = document("", m{"totalItems": 0, "first": base + "/actors/ministry/page"}, "Content-Type", activityJSON)
	}
	in.answers["/actors/ministry/page"] = document("", m{"orderedItems": []any{}})
	in.answers["/en/feed.atom"] = document("", nil, "Content-Type", "application/atom+xml", "ETag", `"1"`, "Vary", "Accept-Encoding", "Content-Encoding", "gzip")
	in.answers["/ap/articles/k3tq5m2zr7ab4cde"] = document("", objectFields(), "Content-Type", activityJSON)
	in.answers["/en/articles/k3tq5m2zr7ab4cde/treaty"] = pageDocument(goodPage)
	in.answers["/en/articles/k3tq5m2zr7ab4cde/treaty application/activity+json"] = document("", objectFields(), "Content-Type", activityJSON, "Vary", "Accept")
	return in
}

func instanceFields() m {
	const id = base + "/actors/instance"
	return m{
		"@context": []any{activityStreams, "https://w3id.org/security/v1"}, "id": id, "type": "Application", "preferredUsername": "instance",
		"webfinger": "instance@mfa.example", "inbox": id + "/inbox", "outbox": id + "/outbox", "followers": id + "/followers", "following": id + "/following",
		"endpoints": m{"sharedInbox": base + "/ap/inbox"}, "discoverable": false, "indexable": false, "manuallyApprovesFollowers": true,
		"publicKey":       m{"id": id + "#main-key", "owner": id, "publicKeyPem": publicPEM()},
		"assertionMethod": []any{m{"type": "Multikey"}},
	}
}

func (in *installed) PublicKey(_ context.Context, who Account) (string, error) {
	if who.Handle == in.keyless {
		return "", errors.New("it has no key yet")
	}
	return publicPEM(), in.err
}

func (in *installed) Signer(_ context.Context, scheme Scheme, _ []byte) (func(*http.Request) error, error) {
	return func(r *http.Request) error {
		r.Header.Set("Signature", string(scheme))
		return nil
	}, in.err
}

func (in *installed) NewestArticle(context.Context) (Article, bool, error) {
	return Article{Object: one, Page: page}, !in.none, in.err
}

func (in *installed) Machine(context.Context) (Machine, error) { return in.machine, in.err }

func (in *installed) Now() time.Time { return noon }

// ServeHTTP answers at every address of the site, and of its handles' domain.
func (in *installed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", noon.Format(http.TimeFormat))
	if r.Method == http.MethodPost {
		w.WriteHeader(map[bool]int{true: http.StatusUnauthorized, false: http.StatusAccepted}[r.Header.Get("Signature") == ""])
		return
	}
	key := r.URL.Path
	if resource := r.URL.Query().Get("resource"); key == "/.well-known/webfinger" && resource != "" {
		key = resource
	}
	if accept, _, _ := strings.Cut(r.Header.Get("Accept"), ","); in.answers[key+" "+accept].Status != 0 {
		key += " " + accept
	}
	d, known := in.answers[key]
	if !known {
		http.NotFound(w, r)
		return
	}
	maps.Copy(w.Header(), d.Header)
	if tag := d.Header.Get("ETag"); tag != "" && r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(d.Status)
	_, _ = w.Write(d.Body)
}

// inspect looks at the site behind a server of the test's own, and returns what
// it found.
func (in *installed) inspect(t *testing.T) ([]Finding, error) {
	t.Helper()
	server := httptest.NewServer(in)
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	// The handles' domain is asked by its own name, which leads nowhere here.
	in.site.HandleDomain = ""
	var all []Finding
	err = Inspect(t.Context(), Options{Site: in.site, Installation: in, At: at, Report: func(f ...Finding) { all = append(all, f...) }})
	return all, err
}

// TestInspect: a good site breaks no rule, each fault breaks the rules that it
// should, and the rest is still looked at.
func TestInspect(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(in *installed)
		want  []string
	}{
		"good":                    {func(*installed) {}, nil},
		"no article yet":          {func(in *installed) { in.none = true }, nil},
		"the disk cannot be told": {func(in *installed) { in.machine.Total = 0 }, nil},
		"another version":         {func(in *installed) { in.site.Version = "1.1" }, []string{"version"}},
		"no WebFinger":            {func(in *installed) { delete(in.answers, "acct:ministry@press.mfa.example") }, []string{"W1"}},
		"WebFinger elsewhere": {func(in *installed) {
			in.answers["acct:ministry@press.mfa.example"] = redirect("/.well-known/webfinger?resource=acct:ministry@mfa.example")
		}, nil},
		"WebFinger in a circle": {func(in *installed) {
			in.answers["acct:ministry@press.mfa.example"] = redirect("/.well-known/webfinger?resource=acct:ministry@press.mfa.example")
		}, []string{"W1"}},
		"the outbox is empty":    {func(in *installed) { delete(in.answers, "/actors/ministry/outbox") }, []string{"A18"}},
		"the object is gone":     {func(in *installed) { delete(in.answers, "/ap/articles/k3tq5m2zr7ab4cde") }, []string{"O3"}},
		"no feed":                {func(in *installed) { delete(in.answers, "/en/feed.atom") }, []string{"feed"}},
		"embargoes are held":     {func(in *installed) { in.machine.Held = "the clock jumped" }, []string{"clock"}},
		"the disk is full":       {func(in *installed) { in.machine.Free = 0 }, []string{"disk"}},
		"an actor without a key": {func(in *installed) { in.keyless = ministry.Handle }, []string{"key"}},
		"a new actor": {func(in *installed) {
			in.keyless = "fresh@mfa.example"
			in.site.Actors = slices.Insert(in.site.Actors, 1, Account{Handle: in.keyless, ID: base + "/actors/fresh"})
			in.machine.Hurdles = []Hurdle{{What: "actors", Stops: true}}
		}, []string{"A1", "key", "start"}},
		"nothing answers as we do": {func(in *installed) { in.answers = nil }, []string{"A1", "A18", "D5", "H1", "I7", "O3", "W1", "W8", "feed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := good()
			c.spoil(in)
			found, err := in.inspect(t)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, name, found, c.want...)
		})
	}
}

func redirect(to string) Document {
	return Document{Status: http.StatusFound, Header: http.Header{"Location": {to}}}
}

// within is what is not public: what netip knows.
func within(a netip.Addr) string {
	if a.IsPrivate() || a.IsLoopback() {
		return a.String() + " is private"
	}
	return ""
}

// TestInspectFromInside: a host whose address was named is asked there, and the finding
// tells what cannot be seen so; without, a private address is named with what refuses it.
func TestInspectFromInside(t *testing.T) {
	t.Parallel()
	in := good()
	server := httptest.NewServer(in)
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	in.site.Base, in.site.HandleDomain, in.site.NotPublic = "http://press.mfa.example:"+port, "", within
	here := netip.MustParseAddr("127.0.0.1")
	found := map[string]Finding{}
	report := func(all ...Finding) {
		for _, f := range all {
			found[f.Rule] = f
		}
	}
	if err := Inspect(t.Context(), Options{Site: in.site, Installation: in, Resolve: Resolve{"press.mfa.example": {here}}, Report: report}); err != nil {
		t.Fatal(err)
	}
	if found["D5"].Verdict != OK {
		t.Errorf("the server: %+v", found["D5"])
	}
	private := []netip.Addr{netip.MustParseAddr("10.0.0.5")}
	for _, c := range []struct {
		got  Finding
		says []string
	}{
		{found["DNS"], []string{"tested from inside, at 127.0.0.1", "127.0.0.1 is private", "To be seen from outside", "https://press.mfa.example/nodeinfo/2.1"}},
		{Resolved("a.example", private, nil, within, nil), []string{"10.0.0.5 is private; private_networks does not name it", "--resolve a.example=10.0.0.5"}},
		{Resolved("a.example", private, nil, within, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}), []string{"private_networks names it, so that this server alone connects to it"}},
	} {
		for _, text := range c.says {
			if !strings.Contains(c.got.Observed+c.got.Fix, text) {
				t.Errorf("it does not say %q: %+v", text, c.got)
			}
		}
	}
}

// TestInspectWithoutServer: where nothing answers, no more is asked of the site,
// but the machine is looked at.
func TestInspectWithoutServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	in := good()
	in.site.Loopback = true
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	report := func(found ...Finding) {
		for _, f := range found {
			rules = append(rules, f.Rule)
		}
	}
	if err := Inspect(t.Context(), Options{Site: in.site, Installation: in, At: at, Report: report}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"DNS", "D5", "S5", "clock", "queue", "sections", "settings", "backup", "start", "signer", "disk"}; !slices.Equal(rules, want) {
		t.Errorf("the rules are %v, want %v", rules, want)
	}
}

// TestInspectEnds: what the installation cannot tell ends the inspection, which
// then says so.
func TestInspectEnds(t *testing.T) {
	t.Parallel()
	in := good()
	in.err = errors.New("the database is locked")
	found, err := in.inspect(t)
	if !errors.Is(err, in.err) || len(found) == 0 {
		t.Errorf("the error is %v after %d findings", err, len(found))
	}
}

// TestCertificateOf: a certificate of an unknown authority is refused.
func TestCertificateOf(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of our refusal
	server.StartTLS()
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(server.URL, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := (Resolve{"example.com": {netip.MustParseAddr("127.0.0.1")}}).certificateOf(t.Context(), "example.com", net.JoinHostPort("example.com", port))
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); !ok {
		t.Errorf("the error is %v", err)
	}
	if f := Certificate("example.com", leaf, err, noon); f.Verdict != Fail {
		t.Errorf("got %+v", f)
	}
}

// TestRules: each has an id of its own, says what it demands and what to do, and
// demands what federation/SPECS.tsv says of it, as strictly.
func TestRules(t *testing.T) {
	t.Parallel()
	specs, err := tsv.Read("../../../federation/SPECS.tsv", "rule", "level", "holds", "what", "where")
	if err != nil {
		t.Fatal(err)
	}
	levels := map[string]string{}
	for _, s := range specs {
		levels[s["rule"]] = s["level"]
	}
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] || r.Demand == "" || r.Fix == "" {
			t.Errorf("%s stands twice, or lacks something: %+v", r.ID, r)
		}
		seen[r.ID] = true
		isSpec := r.ID[len(r.ID)-1] >= '0' && r.ID[len(r.ID)-1] <= '9'
		level, _, _ := strings.Cut(string(r.Level), ",") // one that fails in time is a MUST
		if isSpec && levels[r.ID] != level {
			t.Errorf("%s is a %s here, in federation/SPECS.tsv %q", r.ID, level, levels[r.ID])
		}
	}
}

// TestEveryRuleIsLookedAt: an inspection of a good site reports every rule of the
// table, those apart that need the world outside or another form of article.
func TestEveryRuleIsLookedAt(t *testing.T) {
	t.Parallel()
	found, err := good().inspect(t)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := []string{"TLS", "W4", "O8"} // TestMachine, TestWebFinger, TestObject
	for _, r := range Rules() {
		looked := slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == r.ID })
		if looked == slices.Contains(elsewhere, r.ID) {
			t.Errorf("%s: looked at: %t", r.ID, looked)
		}
	}
}

// TestRulesAreDocumented: RULES.md is the table.
func TestRulesAreDocumented(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	writeRules(&b)
	if *update {
		if err := os.WriteFile("RULES.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile("RULES.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != b.String() {
		t.Error("RULES.md is out of date: run go generate ./cmd/internal/check")
	}
}

func writeRules(w io.Writer) {
	fmt.Fprint(w, "# The rules of `communique check`\n\nWritten by `go generate` from [rules.go](rules.go). A broken MUST fails, a broken SHOULD warns; a MUST, in time warns while there is time. Ids like W1 are those of [federation/SPECS.tsv](../../../federation/SPECS.tsv), whose rules the tests hold, too.\n")
	for _, p := range Parts() {
		fmt.Fprintf(w, "\n## %s\n\n| rule | level | what it demands | if it is broken |\n|---|---|---|---|\n", p.Name)
		for _, r := range p.Rules {
			fmt.Fprintf(w, "| %s | %s | %s | %s |\n", r.ID, r.Level, r.Demand, r.Fix)
		}
	}
}
