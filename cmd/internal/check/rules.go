package check

import (
	"context"
	"fmt"
	"slices"
)

// Level is how much depends on a rule.
type Level string

// The levels. A broken rule of level Must fails; one of level Should warns; one
// that is Graded warns while there is time and fails when there is none left.
const (
	Must   Level = "MUST"   // other servers or readers turn away
	Should Level = "SHOULD" // some have trouble
	Graded Level = "MUST, in time"
)

// Rule is one thing that is demanded of a site.
type Rule struct {
	// ID is that of federation/SPECS.tsv, such as W1, or else a word.
	ID     string
	Demand string
	Level  Level
	// Fix is what an operator does if it is broken. A finding may know better.
	Fix string
}

// What to do if the site is fine and something between it and the world is not.
const anotherProgram = "another program, a cache or another version answers here: lead the web server in front to communique serve"

// Part is what is looked at together.
type Part struct {
	Name  string
	Rules []Rule
	// served tells that it is looked at only if the server answers.
	served bool
	look   func(*inspection, context.Context) error
}

// Parts are all rules that a site is held to, in the order in which [Inspect]
// looks: from outside to inside. It is the one place that knows their levels and
// what to do about them; RULES.md is written from it.
func Parts() []Part {
	return []Part{
		{"How the site is reached", []Rule{
			{"DNS", "the site's host, and the domain of its handles, have public addresses", Graded, "enter the host in the DNS with a public address: other servers refuse others"},
			{"TLS", "the certificate is accepted by everybody and valid for another 14 days", Graded, "give the web server in front, or tls in communique.yaml, a valid certificate with the whole chain, and see that its renewal runs"},
		}, false, (*inspection).reach},
		{"The server", []Rule{
			{"D5", "the server answers", Must, "is communique serve running, and does the web server in front lead to it?"},
			{"version", "the server is of the same version as the program that checks it", Should, "restart communique serve with this program"},
		}, false, (*inspection).up},
		{"Finding the ministry by its handle", []Rule{
			{"W1", "an account is found by its handle, colon and at sign raw or escaped", Must, "let the web server in front pass /.well-known/webfinger on, with its query as it came"},
			{"W2", "the subject is the handle in its canonical case", Must, "set handle_domain in communique.yaml, or lead the domain here"},
			{"W3", "one self link of the exact type, its address the actor's id", Must, "whose WebFinger is this? Lead /.well-known/webfinger to communique serve"},
			{"W7", "JRD type, open to scripts of other sites, with the profile page", Should, "let the web server in front leave Content-Type and Access-Control-Allow-Origin alone"},
			{"W4", "the domain of the handle and the host of the actor answer with one subject and one actor", Must, "lead /.well-known/webfinger of the handle's domain here, with its query (README: Be known under the main domain)"},
			{"W8", "the server's own actor is found from its root and from NodeInfo", Should, "let the web server in front pass /.well-known/ on"},
		}, true, (*inspection).handles},
		{"Actors and their collections", []Rule{
			{"A1", "an unsigned request gets the actor, typed as ActivityStreams, under its own id", Must, "let the web server in front pass Accept on, and cache nothing without regard to Vary"},
			{"A2", "the context names ActivityStreams and security v1", Must, anotherProgram},
			{"A3", "the type is one of ActivityPub's actors", Must, anotherProgram},
			{"A4", "the user name is of a-z, 0-9 and _, at most 30", Must, anotherProgram},
			{"A5", "there is an inbox", Must, anotherProgram},
			{"A6", "every address is on the actor's host", Must, anotherProgram},
			{"A7", "the profile page is on the actor's host", Must, anotherProgram},
			{"A8", "one RSA key of 2048 bits as SPKI, owned by the actor, its id a fragment of the actor's", Must, anotherProgram},
			{"A9", "an Ed25519 key beside it, as Multikey in assertionMethod", Should, "serve the site once with this version: it generates an Ed25519 key"},
			{"A14", "discoverable, indexable, manuallyApprovesFollowers and published are said", Should, anotherProgram},
			{"W5", "the actor names its own handle", Should, "check handle_domain in communique.yaml, and that no cache answers with an older document"},
			{"A15", "attributionDomains holds the site's host, and pages name their creator", Should, anotherProgram},
			{"key", "the actor's key is the one in the database", Must, "a cache or another installation answers here: followers refuse what is signed with a key that they cannot fetch"},
			{"A18", "collections have a numeric totalItems", Must, "let the web server in front pass everything below /actors/ on"},
			{"C1", "the outbox holds activities of this actor, with ids on its host", Must, "let the web server in front pass everything below /actors/ on, with its query"},
		}, true, (*inspection).actors},
		{"Inboxes", []Rule{
			{"I2", "the inbox refuses what is unsigned and takes what is signed by draft-cavage", Must, "an inbox must answer 401 to what is unsigned: another program answers here"},
			{"I3", "the inbox takes what is signed by RFC 9421", Must, "let the web server in front pass Host, Content-Digest, Signature, Signature-Input, the path and the body on as they came"},
		}, true, (*inspection).inboxes},
		{"Feeds", []Rule{
			{"feed", "a feed is answered with XML or JSON", Must, "let the web server in front pass feeds on"},
			{"ETag", "a feed that has not changed is answered 304", Should, "let the web server in front leave ETag and If-None-Match alone: readers fetch the whole feed each time"},
			{"gzip", "a feed is compressed for those who ask for it, and caches are told", Should, "let the web server in front pass Accept-Encoding on, or compress feeds itself"},
		}, true, (*inspection).feed},
		{"The newest article, as object and as page", []Rule{
			{"O3", "the newest article's id answers with the object, its page on the same host", Must, "let the web server in front pass Accept on, and everything below /ap/"},
			{"O1", "its id is on its author's host", Must, anotherProgram},
			{"O2", "attributedTo is the author's id", Must, anotherProgram},
			{"O4", "it is addressed to Public, and to the followers", Must, anotherProgram},
			{"O5", "published is not in the future", Must, "is the clock of this machine right?"},
			{"O6", "updated is never before published", Must, anotherProgram},
			{"O7", "a Note has neither name nor summary", Must, anotherProgram},
			{"O8", "an Article has a name and no summary", Must, anotherProgram},
			{"O13", "contentMap has one key, its text the very content", Must, anotherProgram},
			{"O19", "it is smaller than 1 MB", Must, "the text is too long for other servers: shorten it"},
			{"O20", "plain compacted JSON, no embedded signature", Must, anotherProgram},
			{"H1", "the page of the article names the object", Must, anotherProgram},
			{"H2", "the page has OpenGraph, a canonical address and NewsArticle", Should, anotherProgram},
			{"H3", "the page may be kept by caches", Should, "let the web server in front leave Cache-Control alone: every server that gets an article fetches the page"},
			{"A12", "the page links back to the profile with rel=me", Should, anotherProgram},
			{"I7", "one address answers browsers with the page and servers with the object, with Vary", Must, "let the cache in front obey Vary: Accept, and pass Accept on"},
		}, true, (*inspection).article},
		{"Clocks", []Rule{
			{"S5", fmt.Sprintf("the clock is right to %s, or at the very least to %s", quietOffset, maxOffset), Graded, "let NTP set the clocks: other servers refuse signatures that are a minute off"},
		}, false, (*inspection).clocks},
		{"This machine", []Rule{
			{"clock", "embargoes end by the clock", Must, "look at the time and at the drafts under embargo, and run communique clock confirm"},
			{"sections", "the sections of actors are called what the configuration calls them, and are open", Should, "mend the section of the actor that is named there, in communique.yaml; until then the same section is announced"},
			{"settings", "the server was started with the configuration as it is", Should, "restart communique serve: it goes on with what it was started with"},
			{"start", "the server would start again, and warn of nothing", Graded, "mend what is named there: until then communique serve will not start, or not do what is expected"},
			{"signer", "this tells what makes RSA signatures, and how many", Should, "signer in communique.yaml says what may"},
			{"disk", fmt.Sprintf("%d MiB of the disk are free, or at the very least %d", littleSpace>>20, noSpace>>20), Graded, "make room: without it nothing can be published"},
			{"backup", "the server makes backups when it should, and each can be restored", Graded, "the server's log tells why; communique backup makes one at once, and communique backup verify looks at any"},
			{"queue", "whatever is due for delivery is tried, and no server fails", Graded, "communique destinations --behind tells which servers, and why"},
		}, false, (*inspection).machine},
	}
}

// Rules are those of all [Parts].
func Rules() []Rule {
	var all []Rule
	for _, p := range Parts() {
		all = append(all, p.Rules...)
	}
	return all
}

// rule finds a rule of the table. One that is not in it is a mistake in this
// package, which its tests find.
func rule(id string) Rule {
	all := Rules()
	i := slices.IndexFunc(all, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		panic("check: there is no rule " + id)
	}
	return all[i]
}
