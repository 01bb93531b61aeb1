package check

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// actorTypes are those of ActivityPub's actors.
var actorTypes = []string{"Application", "Group", "Organization", "Person", "Service"}

var userName = regexp.MustCompile(`^[a-z0-9_]{1,30}$`)

// Actor judges an actor document as it answers an unsigned request (rules A1 to
// A9, A14, A15, W5), and whether its key is the one in the database, if that is
// given.
func Actor(d Document, who Account, key string) []Finding {
	what := "actor " + who.ID
	a := d.fields()
	got := d.Err == nil && d.Status == 200 && isActivityJSON(d.Header.Get("Content-Type")) && text(a, "id") == who.ID
	all := []Finding{must("A1", what, got, d.answer(), "let the web server pass Accept on, and cache nothing without regard to Vary")}
	if !got {
		return all
	}
	contexts := texts(a, "@context")
	all = append(all,
		must("A2", what, slices.Contains(contexts, activityStreams) && slices.Contains(contexts, "https://w3id.org/security/v1"), strings.Join(contexts, " "), "another program answers here"),
		must("A3", what, slices.Contains(actorTypes, text(a, "type")), text(a, "type"), "another program answers here"),
		must("A4", what, userName.MatchString(text(a, "preferredUsername")), text(a, "preferredUsername"), "some servers take a-z, 0-9 and _ only, at most 30"),
		must("A5", what, text(a, "inbox") != "", text(a, "inbox"), "another program answers here"),
		oneHost(what, a, who.ID), ownPage(what, a, who), keyForm(what, a, who.ID),
		should("A9", what, len(objects(a, "assertionMethod")) > 0, fmt.Sprintf("Multikeys: %d", len(objects(a, "assertionMethod"))), "serve the site once with this version: it draws an Ed25519 key"),
		manners(what, a),
		should("W5", what, text(a, "webfinger") == who.Handle, text(a, "webfinger"), "it should be "+who.Handle))
	if who.Page != "" {
		all = append(all, attributed(what, a, who.ID))
	}
	if key != "" {
		same := strings.TrimSpace(text(a, "publicKey", "publicKeyPem")) == strings.TrimSpace(key)
		all = append(all, must("key", what, same, map[bool]string{true: "that of the database", false: "another than that of the database"}[same],
			"a cache or another installation answers here: followers refuse what is signed with a key that they cannot fetch"))
	}
	return all
}

func oneHost(what string, a map[string]any, id string) Finding {
	var f faults
	for _, path := range [][]string{{"inbox"}, {"outbox"}, {"followers"}, {"following"}, {"endpoints", "sharedInbox"}, {"publicKey", "id"}} {
		address := text(a, path...)
		f.unless(sameHost(address, id), "%s is %q", strings.Join(path, "."), address)
	}
	return must("A6", what, len(f) == 0, f.seen("every address on its host"), "another program answers here")
}

func ownPage(what string, a map[string]any, who Account) Finding {
	page := text(a, "url")
	return must("A7", what, sameHost(page, who.ID) || page == "" && who.Page == "", page, "the page must be on the actor's host")
}

// keyForm is rule A8: RSA of 2048 bits at least, as SubjectPublicKeyInfo.
func keyForm(what string, a map[string]any, id string) Finding {
	const do = "another program answers here"
	keyID, owner := text(a, "publicKey", "id"), text(a, "publicKey", "owner")
	block, _ := pem.Decode([]byte(text(a, "publicKey", "publicKeyPem")))
	if block == nil || block.Type != "PUBLIC KEY" {
		return must("A8", what, false, "no public key in PEM", do)
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	key, isRSA := parsed.(*rsa.PublicKey)
	if err != nil || !isRSA {
		return must("A8", what, false, fmt.Sprintf("a key of type %T", parsed), do)
	}
	var f faults
	f.unless(key.N.BitLen() >= 2048, "RSA of %d bits", key.N.BitLen())
	f.unless(owner == id, "its owner is %q", owner)
	f.unless(strings.HasPrefix(keyID, id+"#") && len(keyID) > len(id)+1, "its id is %q", keyID)
	return must("A8", what, len(f) == 0, f.seen(fmt.Sprintf("RSA of %d bits, %s", key.N.BitLen(), keyID)), do)
}

// manners is rule A14: what is absent counts as no.
func manners(what string, a map[string]any) Finding {
	var f faults
	for _, name := range []string{"discoverable", "indexable", "manuallyApprovesFollowers"} {
		_, said := a[name].(bool)
		f.unless(said, "%s is not said", name)
	}
	f.unless(text(a, "published") != "" || text(a, "type") == "Application", "published is not said")
	return should("A14", what, len(f) == 0, f.seen("each is said"), "another program answers here")
}

func attributed(what string, a map[string]any, id string) Finding {
	u, err := url.Parse(id)
	domains := texts(a, "attributionDomains")
	return should("A15", what, err == nil && slices.Contains(domains, u.Hostname()), strings.Join(domains, " "), "the site's host is missing: another program answers here")
}

// FirstPage is the address of a collection's first page; empty if it has none.
func FirstPage(d Document) string { return text(d.fields(), "first") }

// Outbox judges a page of an actor's outbox: rule C1 of what stands in it.
func Outbox(d Document, actor string) Finding {
	items, isList := d.fields()["orderedItems"].([]any)
	var f faults
	f.unless(d.Status == 200 && isList, "%s", d.answer())
	for _, item := range items {
		f.unless(sameHost(text(item, "id"), actor) && text(item, "actor") == actor, "%s by %s", text(item, "id"), text(item, "actor"))
	}
	return must("C1", "outbox "+d.URL, len(f) == 0, f.seen(fmt.Sprintf("activities: %d", len(items))), "let the web server pass everything below /actors/ on, with its query")
}

// Collection judges a collection of an actor: rule A18.
func Collection(d Document) Finding {
	total, isNumber := d.fields()["totalItems"].(float64)
	seen := d.answer()
	if isNumber {
		seen = fmt.Sprintf("totalItems %.0f", total)
	}
	return must("A18", "collection "+d.URL, d.Status == 200 && isNumber && isActivityJSON(d.Header.Get("Content-Type")), seen, "let the web server pass everything below /actors/ on")
}
