package federation

import (
	"testing"

	"communique/storage/press"
	"communique/storage/richtext"
)

// TestShortLink: links are written as Mastodon writes its own (lib/text_formatter.rb,
// #shortened_link, 4.7.0-alpha.2), and their whole text is the address.
func TestShortLink(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ address, want string }{
		{
			"https://press.mfa.example/en/articles/k3tq5m2zr7ab4cde/treaty?a=1&b=2",
			`<a href="https://press.mfa.example/en/articles/k3tq5m2zr7ab4cde/treaty?a=1&amp;b=2" translate="no"><span class="invisible">https://</span>` +
				`<span class="ellipsis">press.mfa.example/en/articles/</span><span class="invisible">k3tq5m2zr7ab4cde/treaty?a=1&amp;b=2</span></a>`,
		},
		{
			"https://www.mfa.example/en/ab",
			`<a href="https://www.mfa.example/en/ab" translate="no"><span class="invisible">https://www.</span><span>mfa.example/en/ab</span></a>`,
		},
		{
			"http://a.example/123456789012345678901",
			`<a href="http://a.example/123456789012345678901" translate="no"><span class="invisible">http://</span><span class="ellipsis">a.example/12345678901234567890</span><span class="invisible">1</span></a>`,
		},
	} {
		got := shortLink(tt.address)
		if got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.address, got, tt.want)
		}
		if text := richtext.Text(press.HTML(got)); text != tt.address {
			t.Errorf("its text is %q, not %s", text, tt.address)
		}
	}
}
