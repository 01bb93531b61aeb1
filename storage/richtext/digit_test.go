package richtext

import (
	"strings"
	"testing"
)

// TestASCIIDigit: digits of all scripts are digits; numerals and letters are none.
func TestASCIIDigit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0123456789": "0123456789", "٠١٢٣٤٥٦٧٨٩": "0123456789", "۰۱۲۳۴۵۶۷۸۹": "0123456789", "०१२३४५६७८९": "0123456789",
		"０１２３４５６７８９": "0123456789", "๐๑๒๓๔๕๖๗๘๙": "0123456789",
		"𝟎𝟗𝟘𝟡𝟢𝟫𝟬𝟵𝟶𝟿": "0909090909", // five rows without a gap
		"Ⅳ五½²a": "Ⅳ五½²a",
	} {
		if got := strings.Map(ASCIIDigit, text); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}
