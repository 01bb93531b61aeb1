package check

import (
	"fmt"
	"strings"
)

// Account is an actor as it should be found.
type Account struct {
	Handle string // "ministry@mfa.example"
	ID     string
	Page   string // empty if it speaks for none
}

const maxJRD = 1 << 20

// WebFinger judges an answer about an account (RFC 7033): rules W1, W2, W3, W7.
func WebFinger(d Document, who Account) []Finding {
	what := "WebFinger at " + d.URL
	found := d.Err == nil && d.Status == 200 && len(d.Body) > 0 && len(d.Body) <= maxJRD
	all := []Finding{must("W1", what, found, d.answer(), "let the web server pass /.well-known/webfinger on with its query as it came")}
	if !found {
		return all
	}
	jrd := d.fields()
	subject := text(jrd, "subject")
	all = append(all, must("W2", what, subject == "acct:"+who.Handle, "subject "+subject, "it should be acct:"+who.Handle+": set handle_domain, or lead the domain here"))
	self := links(jrd, "self")
	seen, good := fmt.Sprintf("%d self links", len(self)), false
	if len(self) == 1 {
		kind, href := text(self[0], "type"), text(self[0], "href")
		seen, good = kind+" "+href, isActivityJSON(kind) && href == who.ID
	}
	return append(all,
		must("W3", what, good, seen, "one link to "+who.ID+" is expected: whose WebFinger is this?"),
		webFingerManners(d, what, jrd, who))
}

func webFingerManners(d Document, what string, jrd map[string]any, who Account) Finding {
	var f faults
	f.unless(strings.HasPrefix(d.Header.Get("Content-Type"), "application/jrd+json"), "the type is %q", d.Header.Get("Content-Type"))
	f.unless(d.Header.Get("Access-Control-Allow-Origin") == "*", "scripts of other sites may not read it")
	if who.Page != "" {
		profile := links(jrd, "http://webfinger.net/rel/profile-page")
		f.unless(len(profile) == 1 && text(profile[0], "href") == who.Page, "the profile page is not %s", who.Page)
	}
	return should("W7", what, len(f) == 0, f.seen("jrd+json, open to scripts, with its page"), "let the web server leave Content-Type and Access-Control-Allow-Origin alone")
}

// OneName judges that the domain of the handle and the host of the actor answer
// with one subject and one actor: rule W4.
func OneName(atDomain, atHost Document, who Account) Finding {
	var f faults
	for _, d := range []Document{atDomain, atHost} {
		jrd := d.fields()
		subject, self := text(jrd, "subject"), links(jrd, "self")
		f.unless(subject == "acct:"+who.Handle, "%s: subject %q", d.URL, subject)
		f.unless(len(self) == 1 && text(self[0], "href") == who.ID, "%s: another actor", d.URL)
	}
	return must("W4", "the handle at both domains", len(f) == 0, f.seen("acct:"+who.Handle+" at both"),
		"lead /.well-known/webfinger of the handle's domain here, with its query (README: Be known under the main domain)")
}

// Instance judges that the server's own actor is found from the WebFinger of its
// root and from the index of NodeInfo: rule W8.
func Instance(root, index Document, id string) Finding {
	var f faults
	service := links(root.fields(), activityStreams+"#Service")
	application := links(index.fields(), activityStreams+"#Application")
	f.unless(len(service) == 1 && text(service[0], "href") == id, "not from WebFinger (%s)", root.answer())
	f.unless(len(application) == 1 && text(application[0], "href") == id, "not from NodeInfo (%s)", index.answer())
	return should("W8", "the server's own actor", len(f) == 0, f.seen(id), "let the web server pass /.well-known/ on")
}

// Up judges that the server answers, by its NodeInfo: rule D5. version is that of
// this program; empty leaves it out.
func Up(index, info Document, version string) []Finding {
	software := text(info.fields(), "software", "name")
	all := []Finding{
		must("D5", "the server", index.Status == 200 && info.Status == 200 && software == "communique", info.answer(),
			"is communique serve running, and does the web server in front lead to it?"),
	}
	if running := text(info.fields(), "software", "version"); version != "" && running != "" {
		all = append(all, should("version", "the program that serves", running == version, running, "this program is "+version+": restart serve with it"))
	}
	return all
}

func links(jrd map[string]any, rel string) []map[string]any {
	var found []map[string]any
	for _, l := range objects(jrd, "links") {
		if text(l, "rel") == rel {
			found = append(found, l)
		}
	}
	return found
}
