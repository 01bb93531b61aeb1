package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSections: the tree is made, named, moved and closed, for people and for
// machines.
func TestSections(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	w.say([]said{
		{`section add "The Ministry > The Minister"`, 0, []string{"Made the-ministry/the-minister\n"}},
		{`section add "The Ministry > The Minister"`, 0, []string{"the-ministry/the-minister is there already\n"}},
		{`section add --json "The Ministry > Speeches"`, 0, []string{`"path":"the-ministry/speeches"`, `"made":true`}},
		{`section add "Said > > Done"`, 2, []string{"has an empty name"}},
		{`section add --language de Reden`, 1, []string{"the site has no pages in de"}},
		{`section add "press/new"`, 1, []string{`"press/new" has a slash`}},
		{`section add "The Ministry > Speaches"`, 0, nil},
		{`section name the-ministry/speaches speeches`, 1, []string{`the section the-ministry/speeches is called "Speeches" in en already`}},
		{`section remove the-ministry`, 1, []string{"there are sections below"}},
		{`section remove the-ministry/speaches`, 0, []string{"Removed the-ministry/speaches"}},
		{`section add --language fr "تصريحات"`, 2, []string{"has no Latin letters to make an address of: name it with --slug"}},
		{`section add --language "x x" Said`, 2, []string{"--language: "}},
		{`section name the-ministry/speeches --language fr Discours`, 0, []string{`the-ministry/speeches is called "Discours" in fr`}},
		{`section name the-ministry/speeches --json Talks`, 0, []string{`"en":"Talks"`, `"fr":"Discours"`}},
		{`section list`, 0, []string{"  Talks ", "fr: Discours"}},
		{`section rename the-ministry/speeches talks`, 0, []string{"the-ministry/speeches is now the-ministry/talks; the old address"}},
		{`section move the-ministry/talks / --json`, 0, []string{`"path":"talks"`, `"former":["the-ministry/speeches","the-ministry/talks"]`}},
		{`section move nowhere /`, 1, []string{`there is no section "nowhere"`}},
		{`section rename talks the-ministry`, 1, []string{"conflict"}},
		{`section close talks --instead nowhere`, 1, []string{`there is no section "nowhere"`}},
		{`section close talks`, 0, []string{"Closed talks; its readers are told to read on in all statements"}},
		{`section close talks --instead the-ministry`, 1, []string{"has been closed since 2026-11-26 already: reopen talks first to close it otherwise"}},
		{`section list --json`, 0, []string{`"closed":"2026-11-26T09:30:00.`}},
		{`section list`, 0, []string{"Talks (closed)"}},
		{`section add Talks`, 0, []string{"talks is there already, and closed since 2026-11-26: communique section reopen talks opens it"}},
		{`section add "Pr` + "е" + `ss Room"`, 1, []string{"mixes alphabets", "Cyrillic"}},
		{`section name the-ministry "The Ministry ` + "ο" + `f Port Almira"`, 1, []string{"mixes alphabets", "Greek"}},
		{`section name the-ministry --language fr "` + "Министерство Αθήνα" + `"`, 0, nil},
		{`section reopen talks`, 0, []string{"talks is open again"}},
		{`section close talks --instead the-ministry --json`, 0, []string{`"closed":"2026-11-26`}},
		{`section reopen talks --json`, 0, []string{`"path":"talks"`}},
		{`section reopen talks`, 1, []string{"the section talks is open already"}},
		{`section close the-ministry/the-minister`, 0, nil},
		{`section close the-ministry`, 0, nil},
		{`section reopen the-ministry/the-minister`, 0, []string{"is no longer closed by itself, but the-ministry above it is: communique section reopen the-ministry opens both"}},
		{`section bury talks`, 2, []string{`"bury" is not expected`}},
	})
}

// TestTheLifeOfAnArticle as an editor sees it at a terminal.
func TestTheLifeOfAnArticle(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	document := w.document("lead: It ends a dispute.", "tags: [treaties]")
	comma := w.document("lead: It ends a dispute, at last.", "tags: [treaties]")
	id := w.publish("--key", "mfa-1", document)
	address := "https://press.mfa.example/en/articles/" + id + "/treaty-signed"
	w.clock.Pass(time.Minute)
	w.say([]said{
		{"publish " + document, 1, []string{"it is article " + id + `, "Treaty signed", which was published on 2026-11-26: ` + address, "add --again"}},
		{"publish --dry-run " + document, 1, []string{"add --again"}},
		{"publish --dry-run " + w.document("tags: [new]"), 1, []string{"add --again"}},
		{"publish --dry-run --again " + w.document("tags: [new]"), 0, []string{`"Treaty signed" (en) would be published now. Nothing was filed.`, "Note: "}},
		{"publish --dry-run --again --json " + w.document("published: 2026-12-01 10:00"), 0, []string{`"dry_run":true`, `"state":"embargoed"`}},
		{"publish --key mfa-1 " + document, 0, []string{"Nothing was published: the key mfa-1 was used for this article before: " + address}},
		{"unpin " + id, 0, []string{"It was not pinned: " + address}},
		{"publish --again " + document, 0, []string{"No server runs on ", "it will go out when serve runs"}},
		{"list --state embargoed --json", 0, nil},
		{"list --state open", 2, []string{"--state: ", "embargoed, held, withdrawn"}},
		{"list --state held --json", 0, nil},
		{"list --language de", 2, []string{"--language: there is nothing in de, in which the site has no pages: it has them in en, fr"}},
		{"list --since 2026-11-02 --until 2026-11-01", 2, []string{"--since: 2026-11-02 is later than --until, 2026-11-01"}},
		{"show aaaaaaaaaaaaaaaa", 1, []string{"there is no article aaaaaaaaaaaaaaaa; communique list shows"}},
		{"list --since 1.11.2026", 2, []string{"write it like 2026-11-01"}},
		{"list --state published --section the-ministry --language en --since 2026-11-26 --until 2026-11-26 --text dispute", 0, []string{id}},
		{"list --section nowhere", 1, []string{`there is no section "nowhere"`}},
		{"publish --again " + document, 0, []string{"Published: https://press.mfa.example/en/articles/", "Note: "}},
		{"publish --key mfa-1 --json " + document, 0, []string{`"id":"` + id + `"`, `"state":"published"`, `"embargoed":false`, `"repeated":true`}},
		{"publish --key mfa-1 " + w.document(), 1, []string{"the key mfa-1 was used for another text"}},
		{"publish --again " + w.document("published: 2026-12-01"), 0, []string{"Under embargo until 2026-12-01: "}},
		{"publish " + w.document("published: 2026-11-20"), 1, []string{"it is more than 48 hours ago", "add --silent"}},
		{"publish --again --silent " + w.document("published: 2026-11-20"), 0, []string{"Published: "}},
		{"publish none.md", 1, []string{"none.md: it cannot be read: no such file or directory"}},
		{"correct " + id + " " + comma, 2, []string{"say with --note what was corrected"}},
		{"correct " + address + " " + document + ` --note "Not all was said."`, 1, []string{"there is nothing to correct"}},
		{"correct " + address + " " + comma + ` --note "Not all was said."`, 0, []string{`Replaces "Treaty signed" of 2026-11-26 09:30:00 WET.`, "Corrected: " + address, "Note: "}},
		{"correct " + id + " " + w.document("lead: It ends a long dispute, at last.", "tags: [treaties]") + " --minor --json", 0, []string{`"id":"` + id + `"`}},
		{"correct " + id + " " + document + " --minor", 1, []string{`lead: it says "It ends a dispute."`, "--back", "show --markdown " + id}},
		{"correct " + id + " " + w.document("language: fr") + " --minor", 1, []string{`"Treaty signed" of 2026-11-26`, "--replace"}},
		{"correct " + id + " " + comma + " --minor --silent", 1, []string{"is public already"}},
		{"pin " + id, 0, []string{"Pinned: " + address}},
		{"pin --json " + id, 0, []string{`"pinned":["` + id + `"]`}},
		{"unpin --json " + id, 0, []string{`"pinned":[]`}},
		{"list", 0, []string{id, "embargoed", "2026-11-26 09:30:00 WET"}},
		{"list --json --limit 1", 0, []string{`"state":"embargoed"`}},
		{"list --limit 0", 2, []string{"--limit: 0 is too small"}},
		{"show " + id, 0, []string{"Treaty signed\n", "treaties", "Corrected 2026-11-26 09:31:00 WET", "It was signed."}},
		{"show --json https://press.mfa.example/ap/articles/" + id, 0, []string{`"lead":"It ends a long dispute, at last."`, `"kind":"corrected"`}},
		{"withdraw " + id, 2, []string{"say why with --reason"}},
		{"withdraw " + id + ` --reason "Issued in error."`, 0, []string{"Withdrawn: " + address}},
		{"show " + id, 0, []string{"Withdrawn 2026-11-26", "Issued in error."}},
		{"withdraw nonsense --reason Whose.", 1, []string{`"nonsense" is neither an article id nor an address of one; communique list shows`}},
	})
	draft := w.publish(w.document("published: 2026-12-01 10:00"))
	w.say([]said{
		{"withdraw " + draft + " --reason Overtaken. --json", 0, []string{`"state":"cancelled"`, `"seq":0`}},
		{"withdraw " + w.publish(w.document("published: 2026-12-01 10:00", "tags: [late]")) + " --reason Overtaken.", 0, []string{"Cancelled before it was public: "}},
	})
}

// TestImport: pages become articles once, what is wrong with one puts it aside, and a
// dry run leaves nothing.
func TestImport(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	folder := t.TempDir()
	const crumbs = `<nav><a href="/">Home</a> &gt; <a href="/m">The Ministry</a> &gt; <a href="/m/a">Activities</a></nav>`
	w.page(folder, "treaty.html", "A treaty with Ruvenia", crumbs)
	nowhere := w.page(folder, "nowhere.html", "A treaty with Sarel", "")
	w.say([]said{
		{"import --dry-run --new-sections " + folder, 1, []string{"A treaty with Ruvenia", "The Ministry > Activities", "1 of 2 pages would be imported, 0 known, 1 put aside.", "names no section: name one with --section"}},
		{"import --dry-run --new-sections --json " + folder + "/treaty.html", 0, []string{`"published":"2019-05-06T09:00:00+01:00"`}},
		{"section list", 0, []string{"the-ministry"}},
		{"import --new-sections --json " + folder + "/treaty.html", 0, []string{`"status":"imported"`, `"id":"`}},
		{"import " + folder, 1, []string{"0 of 2 pages imported, 1 known, 1 put aside."}},
		{"import --section the-ministry --language fr --timezone UTC --source-url https://www.mfa.example/ " + nowhere, 0, []string{"1 of 1 page imported", "No server runs on "}},
		{"import --section nowhere " + w.page(t.TempDir(), "third.html", "A treaty with Noumara", ""), 1, []string{`third.html: not found: there is no section "nowhere"`}},
		{"import none.html", 1, []string{"none.html: it cannot be read"}},
		{"import " + t.TempDir(), 1, []string{"no page was found; the names of pages end in .html"}},
		{"import", 2, []string{"name at least one file or folder"}},
		{"import --timezone Nowhere x", 2, []string{"--timezone: "}},
		{"import --language x! x", 2, []string{"--language: "}},
		{"import --source-url nonsense x", 2, []string{`--source-url: "nonsense" is not a web address`}},
	})
	for line := range strings.Lines(w.must("list", "--json")) {
		var a articleLine
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		if !a.Silent {
			t.Errorf("%s is not silent", a.Title)
		}
	}
}

// TestClock: embargoes end by the clock of the site, which nobody need confirm as
// long as it has not jumped.
func TestClock(t *testing.T) {
	t.Parallel()
	newTerminal(t).say([]said{
		{"clock", 0, []string{"It is 2026-11-26 09:30:00 WET. Embargoes end by this clock."}},
		{"clock --json", 0, []string{`"zone":"Europe/Lisbon","held":false`}},
		{"clock confirm", 1, []string{"embargoes are not held"}},
	})
}

// TestLists: what other servers sent is listed, here nothing, and no list takes a
// limit under which there is nothing to print.
func TestLists(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	for _, list := range []string{"destinations", "subscribers", "flags", "followers list", "replies list"} {
		w.say([]said{
			{list, 0, []string{"There are none."}},
			{list + " --json", 0, nil},
			{list + " --limit 0", 2, []string{"--limit: 0 is too small: give 1 or more"}},
		})
	}
	w.say([]said{
		{"list", 0, []string{"There are none."}},
		{"replies list --state lost", 2, []string{`--state: "lost" is not pending, approved or rejected`}},
		{"replies show aaaaaaaaaaaaaaaa", 1, []string{"not found"}},
		{"replies approve", 2, []string{"expected ID"}},
		{"replies approve aaaaaaaaaaaaaaaa", 1, []string{"not found"}},
		{"flags dismiss aaaaaaaaaaaaaaaa", 1, []string{"not found"}},
		{"destinations pause social.example", 1, []string{"communique destinations lists the servers"}},
		{"followers export", 0, []string{"Account address,Actor,Since\n"}},
		{"followers list --actor nobody", 2, []string{`--actor: this site has no actor "nobody", only ministry`}},
	})
}

// TestBlocks: what is blocked is listed, exported and taken off again.
func TestBlocks(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	list := filepath.Join(t.TempDir(), "blocklist.csv")
	if err := os.WriteFile(list, []byte("#domain,#severity\nworse.example,suspend\nloud.example,silence\nnot a domain,suspend\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.say([]said{
		{`block add bad.example --comment Spam`, 0, []string{"Blocked: 1, and 0 already blocked."}},
		{`block add bad.example --json`, 0, []string{`"blocked":0,"known":1`}},
		{`block import ` + list, 1, []string{"Blocked: 1, and 0 already blocked.", "blocklist.csv:3: ", "1 lines of ", "could not be read"}},
		{`block import none.csv`, 1, []string{"read the list: "}},
		{`block list`, 0, []string{"bad.example", "worse.example", "Spam"}},
		{`block list --json`, 0, []string{`"subject":"bad.example","kind":"domain"`}},
		{`block export`, 0, []string{"bad.example,suspend"}},
		{`block remove bad.example`, 0, []string{"No longer blocked: bad.example"}},
		{`block remove worse.example --json`, 0, []string{`"did":"remove"`}},
		{`block remove bad.example`, 1, []string{"communique block list shows what is blocked"}},
	})
}
