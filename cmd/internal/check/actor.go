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
	all := []Finding{judge("A1", what, got, d.answer())}
	if !got {
		return all
	}
	contexts := texts(a, "@context")
	multikeys := len(objects(a, "assertionMethod"))
	all = append(all,
		judge("A2", what, slices.Contains(contexts, activityStreams) && slices.Contains(contexts, "https://w3id.org/security/v1"), strings.Join(contexts, " ")),
		judge("A3", what, slices.Contains(actorTypes, text(a, "type")), text(a, "type")),
		judge("A4", what, userName.MatchString(text(a, "preferredUsername")), text(a, "preferredUsername")),
		judge("A5", what, text(a, "inbox") != "", text(a, "inbox")),
		oneHost(what, a, who.ID), ownPage(what, a, who), keyForm(what, a, who.ID),
		judge("A9", what, multikeys > 0, fmt.Sprintf("Multikeys: %d", multikeys)),
		disclosures(what, a),
		judge("W5", what, text(a, "webfinger") == who.Handle, wanted(text(a, "webfinger"), who.Handle)))
	if who.Page != "" {
		all = append(all, attributed(what, a, who.ID))
	}
	if key != "" {
		same := strings.TrimSpace(text(a, "publicKey", "publicKeyPem")) == strings.TrimSpace(key)
		all = append(all, judge("key", what, same, map[bool]string{true: "the key of the database", false: "not the key of the database"}[same]))
	}
	return all
}

// wanted is what there is, and what there should be if it is something else.
func wanted(got, want string) string {
	if got == want {
		return got
	}
	return fmt.Sprintf("%q, want %q", got, want)
}

func oneHost(what string, a map[string]any, id string) Finding {
	var f faults
	for _, path := range [][]string{{"inbox"}, {"outbox"}, {"followers"}, {"following"}, {"endpoints", "sharedInbox"}, {"publicKey", "id"}} {
		address := text(a, path...)
		f.unless(sameHost(address, id), "%s is %q", strings.Join(path, "."), address)
	}
	return judge("A6", what, len(f) == 0, f.or("every address on its host"))
}

func ownPage(what string, a map[string]any, who Account) Finding {
	page := text(a, "url")
	return judge("A7", what, sameHost(page, who.ID) || page == "" && who.Page == "", page)
}

// keyForm is rule A8: RSA of 2048 bits at least, as SubjectPublicKeyInfo.
func keyForm(what string, a map[string]any, id string) Finding {
	keyID, owner := text(a, "publicKey", "id"), text(a, "publicKey", "owner")
	block, _ := pem.Decode([]byte(text(a, "publicKey", "publicKeyPem")))
	if block == nil || block.Type != "PUBLIC KEY" {
		return judge("A8", what, false, "no public key in PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	key, isRSA := parsed.(*rsa.PublicKey)
	if err != nil || !isRSA {
		return judge("A8", what, false, fmt.Sprintf("a key of type %T", parsed))
	}
	var f faults
	f.unless(key.N.BitLen() >= 2048, "RSA of %d bits", key.N.BitLen())
	f.unless(owner == id, "its owner is %q", owner)
	f.unless(strings.HasPrefix(keyID, id+"#") && len(keyID) > len(id)+1, "its id is %q", keyID)
	return judge("A8", what, len(f) == 0, f.or(fmt.Sprintf("RSA of %d bits, %s", key.N.BitLen(), keyID)))
}

// disclosures is rule A14: what is absent counts as no.
func disclosures(what string, a map[string]any) Finding {
	var f faults
	for _, name := range []string{"discoverable", "indexable", "manuallyApprovesFollowers"} {
		_, said := a[name].(bool)
		f.unless(said, "%s is not said", name)
	}
	f.unless(text(a, "published") != "" || text(a, "type") == "Application", "published is not said")
	return judge("A14", what, len(f) == 0, f.or("each is said"))
}

func attributed(what string, a map[string]any, id string) Finding {
	u, err := url.Parse(id)
	domains := texts(a, "attributionDomains")
	return judge("A15", what, err == nil && slices.Contains(domains, u.Hostname()), strings.Join(domains, " "))
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
	return judge("C1", "outbox "+d.URL, len(f) == 0, f.or(fmt.Sprintf("activities: %d", len(items))))
}

// Collection judges a collection of an actor: rule A18.
func Collection(d Document) Finding {
	total, isNumber := d.fields()["totalItems"].(float64)
	observed := d.answer()
	if isNumber {
		observed = fmt.Sprintf("totalItems %.0f", total)
	}
	return judge("A18", "collection "+d.URL, d.Status == 200 && isNumber && isActivityJSON(d.Header.Get("Content-Type")), observed)
}
