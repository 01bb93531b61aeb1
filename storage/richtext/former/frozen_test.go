package former

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample has what pages and documents of ministries have, well-formed or not.
const sample = `<h1>Visit</h1>Loose words <b>bold <i>both</b> slanted</i><br><br>after a gap
<p lang="fr" dir="ltr" style="x">Bonjour <q cite="/q">vous</q> <abbr title="Ministry of Foreign Affairs">MFA</abbr> <kbd>K</kbd></p>
<div><div>Inner block<ul><li>One<ol><li value="3">Two</li></ol></li>stray</ul></div>tail</div>
<table><caption>Seats</caption><colgroup><col></colgroup><tr><th scope="col">A</th><th colspan="2">B</th></tr><tr><td rowspan="2">1</td><td>2<p>3</p></td></tr></table>
<dl><dt>Term</dt><dd>Meaning<p>More</p></dd></dl><blockquote cite="https://a.example/s">Quoted<p>Twice</p></blockquote>
<pre>  kept
   as it is</pre><hr><figure><img src="a.png" alt="A" width="10" height="20"><figcaption>Cap <a href="x">tion</a></figcaption></figure>
<iframe src="https://v.example/1"></iframe><video src="v.mp4">no</video><a href="mailto:a@b.example">mail</a> <a href="javascript:x">run</a> <a name="old">old</a>
<sub>2</sub><sup>3</sup><del>gone</del><ins>new</ins><u>under</u><small>small</small><font color="red">red</font><center>mid</center><script>x</script><!-- c -->
<h4>Deep</h4><h6>Deeper</h6><time datetime="2026-01-01">today</time><bdo dir="rtl">rtl</bdo><ruby>東<rt>east</rt></ruby><details><summary>S</summary>D</details>`

// TestFrozen: the cleaning of 0.4 never changes.
func TestFrozen(t *testing.T) {
	t.Parallel()
	base, err := url.Parse("https://mfa.example/news/")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("testdata", "frozen.html")) // as 0.4 wrote it
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(Clean(sample, base))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
