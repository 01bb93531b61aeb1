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
	all := []Finding{judge("W1", what, found, d.answer())}
	if !found {
		return all
	}
	jrd := d.fields()
	subject := text(jrd, "subject")
	all = append(all, judge("W2", what, subject == "acct:"+who.Handle, "subject "+wanted(subject, "acct:"+who.Handle)))
	self := links(jrd, "self")
	observed, good := fmt.Sprintf("%d self links", len(self)), false
	if len(self) == 1 {
		kind, href := text(self[0], "type"), text(self[0], "href")
		observed, good = kind+" "+wanted(href, who.ID), isActivityJSON(kind) && href == who.ID
	}
	return append(all,
		judge("W3", what, good, observed),
		webFingerHeaders(d, what, jrd, who))
}

func webFingerHeaders(d Document, what string, jrd map[string]any, who Account) Finding {
	var f faults
	f.unless(strings.HasPrefix(d.Header.Get("Content-Type"), "application/jrd+json"), "the type is %q", d.Header.Get("Content-Type"))
	f.unless(d.Header.Get("Access-Control-Allow-Origin") == "*", "scripts of other sites may not read it")
	if who.Page != "" {
		profile := links(jrd, "http://webfinger.net/rel/profile-page")
		f.unless(len(profile) == 1 && text(profile[0], "href") == who.Page, "the profile page is not %s", who.Page)
	}
	return judge("W7", what, len(f) == 0, f.or("jrd+json, open to scripts, with its page"))
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
	return judge("W4", "the handle at both domains", len(f) == 0, f.or("acct:"+who.Handle+" at both"))
}

// Instance judges that the server's own actor is found from the WebFinger of its
// root and from the index of NodeInfo: rule W8.
func Instance(root, index Document, id string) Finding {
	var f faults
	service := links(root.fields(), activityStreams+"#Service")
	application := links(index.fields(), activityStreams+"#Application")
	f.unless(len(service) == 1 && text(service[0], "href") == id, "not from WebFinger (%s)", root.answer())
	f.unless(len(application) == 1 && text(application[0], "href") == id, "not from NodeInfo (%s)", index.answer())
	return judge("W8", "the server's own actor", len(f) == 0, f.or(id))
}

// Up judges that the server answers, by its NodeInfo: rule D5. version is that of
// this program; if it is empty, versions are not compared.
func Up(index, info Document, version string) []Finding {
	software := text(info.fields(), "software", "name")
	all := []Finding{
		judge("D5", "the server", index.Status == 200 && info.Status == 200 && software == "communique", info.answer()),
	}
	if running := text(info.fields(), "software", "version"); version != "" && running != "" {
		all = append(all, judge("version", "the program that serves", running == version, wanted(running, version)))
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
