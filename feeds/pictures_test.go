package feeds_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// photograph is a picture that is wide enough to have smaller sizes.
func photograph(t *testing.T) newsdesk.Media {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 1000, 400))
	for y := range 400 {
		for x := range 1000 {
			m.SetRGBA(x, y, color.RGBA{uint8(x / 4), uint8(y / 2), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	media, err := newsdesk.NewMedia(b.Bytes())
	if err != nil || len(media.Sizes) != 2 {
		t.Fatalf("%d sizes, %v", len(media.Sizes), err)
	}
	return media
}

// TestSizesAreAsPublicAsTheArticle: a smaller size of an embargoed article's
// picture is as closed as the picture, and is taken back with it (SECURITY A 40).
func TestSizesAreAsPublicAsTheArticle(t *testing.T) {
	t.Parallel()
	n := open(t)
	m := photograph(t)
	n.update(func(tx *storage.Tx) error { return tx.AddMedia(m) })
	a := n.publish(press.Draft{
		Title: "Tomorrow", Published: n.clock.Now().Add(24 * time.Hour),
		Images: []press.Image{
			{Src: base + "/media/" + m.Name(), Alt: "A slope", Caption: "Of the <hill>", Credit: "A. Photographer", Terms: "CC BY 4.0"},
			{Src: base + "/media/" + m.Name(), Alt: "The same again"},
		},
	})
	status := func() map[int]int {
		counts := map[int]int{}
		for _, one := range append(slices.Clip(m.Sizes), m) {
			counts[n.get("/media/"+one.Name()).StatusCode]++
		}
		return counts
	}
	if got := status(); got[http.StatusNotFound] != 3 {
		t.Errorf("under embargo: %v", got)
	}
	n.clock.Pass(25 * time.Hour)
	n.update(func(tx *storage.Tx) error {
		_, err := tx.Release(1)
		return err
	})
	if got := status(); got[http.StatusOK] != 3 {
		t.Errorf("published: %v", got)
	}
	page := text(t, n.get("/en/articles/"+string(a.ID)+"/tomorrow"))
	for _, want := range []string{
		`srcset="` + base + "/media/" + m.Sizes[0].Name() + " 480w, " + base + "/media/" + m.Sizes[1].Name() + " 688w, " + base + "/media/" + m.Name() + ` 1000w"`,
		`width="1000" height="400"`, `alt="A slope"`, "Of the &lt;hill&gt;", "A. Photographer · CC BY 4.0",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	n.update(func(tx *storage.Tx) error {
		_, _, err := tx.Withdraw(a.ID, "issued in error")
		return err
	})
	if got := status(); got[http.StatusNotFound] != 3 {
		t.Errorf("withdrawn: %v", got)
	}
}

// TestPicturesAreReadWhenTheyAreSent: a picture of which nothing but its description is
// there is answered as far as its content is of no concern.
func TestPicturesAreReadWhenTheyAreSent(t *testing.T) {
	t.Parallel()
	n := open(t)
	content := bytes.Repeat([]byte("\x89PNG\r\n"), 100_000)
	whole := newsdesk.Media{Hash: strings.Repeat("a", 32), Type: "image/png", Width: 300, Height: 200, Size: int64(len(content)), Content: content}
	hollow := whole
	hollow.Hash, hollow.Content = strings.Repeat("b", 32), nil
	n.update(func(tx *storage.Tx) error { return errors.Join(tx.AddMedia(whole), tx.AddMedia(hollow)) })
	n.publish(press.Draft{Title: "Both", Body: press.HTML(`<p><img src="` + base + "/media/" + whole.Name() + `" alt=""><img src="` + base + "/media/" + hollow.Name() + `" alt=""></p>`)})
	ask := func(method string, m newsdesk.Media, field, value string) (int, string) {
		t.Helper()
		r := n.ask(method, "/media/"+m.Name(), nil, field, value)
		return r.StatusCode, text(t, r)
	}
	for _, c := range []struct {
		method, field, value string
		status               int
		body                 string
	}{
		{"GET", "", "", http.StatusOK, string(content)},
		{"GET", "Range", "bytes=262140-262149", http.StatusPartialContent, string(content[262140:262150])},
		{"GET", "Range", "bytes=-3", http.StatusPartialContent, string(content[len(content)-3:])},
		{"GET", "Range", "bytes=900000-", http.StatusRequestedRangeNotSatisfiable, ""},
		{"GET", "Range", "bytes=-0", http.StatusRequestedRangeNotSatisfiable, ""},
		{"GET", "Range", "bytes=-000, -0", http.StatusRequestedRangeNotSatisfiable, ""},
		{"GET", "Range", "bytes=-0,0-2", http.StatusPartialContent, string(content[:3])},
		{"GET", "Range", "bytes=-", http.StatusRequestedRangeNotSatisfiable, ""},
	} {
		status, body := ask(c.method, whole, c.field, c.value)
		if status != c.status || c.body != "" && body != c.body {
			t.Errorf("%s of %q is answered %d with %d bytes", c.method, c.value, status, len(body))
		}
	}
	for _, c := range []struct {
		method, field, value string
		status               int
	}{
		{"HEAD", "", "", http.StatusOK},
		{"GET", "If-None-Match", `"` + hollow.Hash + `"`, http.StatusNotModified},
	} {
		if status, body := ask(c.method, hollow, c.field, c.value); status != c.status || body != "" {
			t.Errorf("%s with %s is answered %d: %s", c.method, c.value, status, body)
		}
	}
	if _, body := ask("GET", hollow, "", ""); body != "" {
		t.Errorf("%d bytes of what is not there", len(body))
	}
}

// TestPicturesInTheTextHaveSizes: a picture that stands in the text alone is sent in the
// size that is shown, and has its place kept, as one of the front matter.
func TestPicturesInTheTextHaveSizes(t *testing.T) {
	t.Parallel()
	n := open(t)
	m := photograph(t)
	n.update(func(tx *storage.Tx) error { return tx.AddMedia(m) })
	src := base + "/media/" + m.Name()
	image := `<p>Seen.</p><p><img src="` + src + `" alt="A slope"></p><p><img src="https://elsewhere.example/x.jpg" alt="Elsewhere"></p>`
	for name, images := range map[string][]press.Image{
		"alone":          nil,
		"beside another": {{Src: "https://elsewhere.example/y.jpg", Alt: "Another"}},
		"named as well":  {{Src: src, Alt: "A slope"}},
	} {
		a := n.publish(press.Draft{Title: "Seen " + name, Body: press.HTML(image), Images: images})
		page := text(t, n.get(strings.TrimPrefix(press.Site{Base: base}.Article(a), base)))
		_, tag, _ := strings.Cut(page, `<img src="`+src)
		tag, _, _ = strings.Cut(tag, ">")
		for _, want := range []string{"/media/" + m.Sizes[0].Name() + " 480w", `width="1000" height="400"`} {
			if !strings.Contains(tag, want) {
				t.Errorf("%s: %q lacks %s", name, tag, want)
			}
		}
	}
}
