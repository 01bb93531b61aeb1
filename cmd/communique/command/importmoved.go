package command

import (
	"bufio"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"regexp"
	"strings"

	"communique/cmd/internal/newsroom"
)

// movedPages are where the pages of a mirrored tree were and where their articles are, in
// the order of the pages. The addresses are on disk; of each, two hashes are in memory.
type movedPages struct {
	lines  spool // from, a tab, to: addresses have no tabs
	seed   maphash.Seed
	from   map[uint64]bool
	folded map[uint64]bool // in lower case; true if several addresses differ in nothing else
	length int             // of the longest
}

func newMovedPages() *movedPages {
	return &movedPages{seed: maphash.MakeSeed(), from: map[uint64]bool{}, folded: map[uint64]bool{}}
}

// add notes old addresses; of several pages that had one, the first has it.
func (m *movedPages) add(all []newsroom.Redirect) error {
	for _, r := range all {
		k := maphash.String(m.seed, r.From)
		if m.from[k] {
			continue
		}
		m.from[k] = true
		f := m.fold(r.From)
		_, other := m.folded[f]
		m.folded[f] = other
		m.length = max(m.length, len(r.From))
		if err := m.lines.add(r.From + "\t" + r.To); err != nil {
			return err
		}
	}
	return nil
}

func (m *movedPages) fold(from string) uint64 {
	return maphash.String(m.seed, strings.ToLower(from))
}

func (m *movedPages) each(fn func(from, to string) error) error {
	return m.lines.each(func(line string) error {
		from, to, _ := strings.Cut(line, "\t")
		return fn(from, to)
	})
}

// writeRedirects writes where the pages of a mirrored tree have gone. Known pages are
// among them, so that a run that is repeated writes all again.
func (i *importing) writeRedirects() error {
	if i.desk.Mirror == nil || i.flags.dryRun {
		return nil
	}
	for ending, write := range map[string]func(io.Writer, *movedPages) error{".map": nginxMap, ".txt": apacheMap} {
		if err := writeMap(i.flags.redirects+ending, i.moved, write); err != nil {
			return fmt.Errorf("--redirects: %w", err)
		}
	}
	if !i.json {
		i.say("%d old addresses lead to their articles by %s.map (nginx) and %s.txt (Apache).", i.moved.lines.lines, i.flags.redirects, i.flags.redirects)
	}
	return nil
}

func writeMap(name string, moved *movedPages, write func(io.Writer, *movedPages) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(file)
	err = write(b, moved)
	if err == nil {
		err = b.Flush()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// nginxMap is the old addresses for nginx, which compares without regard to case: of
// those that differ in nothing else, each is an expression. A long address needs large
// buckets, or nginx does not start.
func nginxMap(w io.Writer, moved *movedPages) error {
	bucket := 64
	for bucket < moved.length+64 {
		bucket *= 2
	}
	_, err := fmt.Fprintf(w, "# map_hash_bucket_size %d; map_hash_max_size %d;\n"+
		"# map $request_uri $moved { include redirects.map; }\n# server { if ($moved) { return 301 $moved; } }\n", bucket, max(2048, 2*moved.lines.lines))
	if err != nil {
		return err
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	return moved.each(func(from, to string) error {
		if moved.folded[moved.fold(from)] {
			from = "~^" + regexp.QuoteMeta(from) + "$"
		}
		_, err := fmt.Fprintf(w, "\"%s\" \"%s\";\n", quoted.Replace(from), to)
		return err
	})
}

// apacheMap is the same for Apache. Its rules are off until they are turned on, and
// would escape once more what is escaped in an address.
func apacheMap(w io.Writer, moved *movedPages) error {
	_, err := io.WriteString(w, "# RewriteEngine On\n# RewriteMap moved \"txt:/etc/apache2/redirects.txt\"\n# RewriteCond \"%{THE_REQUEST}\" \"^[A-Z]+ ([^ ]+) \"\n# RewriteCond \"${moved:%1}\" \"^(.+)$\"\n# RewriteRule \"^\" \"%1\" [R=301,L,NE,QSD]\n")
	if err != nil {
		return err
	}
	return moved.each(func(from, to string) error {
		_, err := fmt.Fprintf(w, "%s %s\n", from, to)
		return err
	})
}
