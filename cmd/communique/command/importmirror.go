package command

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"communique/cmd/internal/newsroom"
)

// mirrorOf is the tree that pages are imported from, nil without --mirror.
func (f *importFlags) mirrorOf(args []string) (*newsroom.Mirror, error) {
	if f.mirror == "" {
		return nil, nil
	}
	root, err := url.Parse(f.mirror)
	if err != nil || root.Host == "" || root.Scheme != "https" && root.Scheme != "http" {
		return nil, usagef("--mirror: %q is not the address of a site: write it like https://www.mfa.example/", f.mirror)
	}
	info, err := os.Stat(args[0])
	if len(args) != 1 || err != nil || !info.IsDir() {
		return nil, usagef("--mirror: name one folder, the one that was made of %s", f.mirror)
	}
	if f.source != "" {
		return nil, usagef("--mirror and --source-url both say where the pages are from: give one of them")
	}
	f.folder = args[0]
	return newsroom.NewMirror(root, folderFS(f.folder))
}

// nameIn is the name of a file in the mirrored tree.
func (f *importFlags) nameIn(file string) string {
	name, err := filepath.Rel(f.folder, file)
	if err != nil {
		return file
	}
	return filepath.ToSlash(name)
}

// writeRedirects writes where the pages of a mirrored tree have gone. Known pages are
// among them, so that a run that is repeated writes all again.
func (i *importing) writeRedirects() error {
	if i.desk.Mirror == nil || i.flags.dryRun {
		return nil
	}
	moved := slices.Clone(i.moved)
	slices.SortStableFunc(moved, func(a, b newsroom.Redirect) int { return cmp.Compare(a.From, b.From) })
	moved = slices.CompactFunc(moved, func(a, b newsroom.Redirect) bool { return a.From == b.From })
	for name, content := range map[string][]byte{i.flags.redirects + ".map": nginxMap(moved), i.flags.redirects + ".txt": apacheMap(moved)} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			return fmt.Errorf("--redirects: %w", err)
		}
	}
	if !i.json {
		i.say("%d old addresses lead to their articles by %s.map (nginx) and %s.txt (Apache).", len(moved), i.flags.redirects, i.flags.redirects)
	}
	return nil
}

// nginxMap is the old addresses for nginx, which compares without regard to case: of
// those that differ in nothing else, each is an expression. A long address needs large
// buckets, or nginx does not start.
func nginxMap(moved []newsroom.Redirect) []byte {
	alike := map[string]int{}
	bucket := 64
	for _, r := range moved {
		alike[strings.ToLower(r.From)]++
		for bucket < len(r.From)+64 {
			bucket *= 2
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# map_hash_bucket_size %d; map_hash_max_size %d;\n", bucket, max(2048, 2*len(moved)))
	b.WriteString("# map $request_uri $moved { include redirects.map; }\n# server { if ($moved) { return 301 $moved; } }\n")
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	for _, r := range moved {
		from := r.From
		if alike[strings.ToLower(from)] > 1 {
			from = "~^" + regexp.QuoteMeta(from) + "$"
		}
		fmt.Fprintf(&b, "\"%s\" \"%s\";\n", quoted.Replace(from), r.To)
	}
	return b.Bytes()
}

// apacheMap is the same for Apache. Its rules are off until they are turned on, and
// would escape once more what is escaped in an address.
func apacheMap(moved []newsroom.Redirect) []byte {
	var b bytes.Buffer
	b.WriteString("# RewriteEngine On\n# RewriteMap moved \"txt:/etc/apache2/redirects.txt\"\n# RewriteCond \"%{THE_REQUEST}\" \"^[A-Z]+ ([^ ]+) \"\n# RewriteCond \"${moved:%1}\" \"^(.+)$\"\n# RewriteRule \"^\" \"%1\" [R=301,L,NE,QSD]\n")
	for _, r := range moved {
		fmt.Fprintf(&b, "%s %s\n", r.From, r.To)
	}
	return b.Bytes()
}
