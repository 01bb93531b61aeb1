package importer

import (
	"strings"
	"testing"
	"time"
)

// TestUnsignedSentences: a short text is one in scripts, too, whose sentences end with
// another sign than ours, or with none.
func TestUnsignedSentences(t *testing.T) {
	t.Parallel()
	for language, text := range map[string]string{
		"th": "รัฐมนตรีทั้งสองได้เปิดโรงเรียนกู้ภัยชายฝั่งที่เมืองทาร์นเมื่อเช้านี้ หลังจากปรับปรุงค่ายทหารเก่าข้างประภาคารเป็นเวลาสี่ปี",
		"ur": "دونوں وزراء نے آج صبح تارن میں ساحلی بچاؤ کے اسکول کا افتتاح کیا، جب کہ مینار کے پاس پرانی بیرک میں چار سال تک کام ہوا۔",
		"hy": "Երկու նախարարներն այսօր առավոտյան Տառնում բացեցին ափամերձ փրկարարական դպրոցը փարոսի կողքի հին զորանոցում։",
		"am": "ሁለቱ ሚኒስትሮች ዛሬ ጠዋት በታርን የባህር ዳርቻ ማዳኛ ትምህርት ቤት ከፈቱ፣ በመብራት ቤቱ አጠገብ ያለው አሮጌ ሰፈር ለአራት ዓመታት ተሠርቷል።",
		"km": "រដ្ឋមន្ត្រីទាំងពីរបានបើកសាលាសង្គ្រោះឆ្នេរនៅតានព្រឹកនេះ បន្ទាប់ពីការងារបួនឆ្នាំនៅបន្ទាយចាស់ក្បែរប៉មភ្លើង។",
		"my": "ဝန်ကြီးနှစ်ဦးသည် ယနေ့နံနက်တွင် တာန်မြို့၌ ကမ်းရိုးတန်းကယ်ဆယ်ရေးကျောင်းကို ဖွင့်လှစ်ခဲ့သည်။",
	} {
		for _, below := range []string{otherPages, titles} {
			p, err := ReadPage("a.html", []byte(`<!DOCTYPE html><html lang="`+language+`"><head><title>Tarn 117</title><meta property="article:published_time" content="2024-03-05"></head><body><nav><a href="/">Home</a></nav><main><h1>Tarn 117</h1><div class="text"><p>`+text+`</p></div>`+below+`</main></body></html>`), Options{Zone: time.UTC})
			if err != nil || !strings.Contains(string(p.Body), text) {
				t.Errorf("%s: %v, %s: %s", language, err, p.Refused, p.Body)
			}
		}
	}
}

// TestBesideShortTexts: what is offered beside a short text is none of it, and names of
// persons there are named.
func TestBesideShortTexts(t *testing.T) {
	t.Parallel()
	begun := ""
	for _, title := range []string{"Storm over Sund", "Valora opens the harbour", "The commission meets"} {
		begun += `<div class="item"><a href="/n/` + title[:3] + `">` + title + `</a><p>The ministers of both countries have met in the old town hall and have agreed on the first of the rules…</p></div>`
	}
	dated := `<div class="list"><p>1 March 2024 <a href="/n/1">Storm over Sund</a></p><p>2 March 2024 <a href="/n/2">Valora opens the harbour</a></p><p>3 March 2024 <a href="/n/3">The commission meets</a></p></div>`
	for _, tt := range []struct {
		name, below, mark string
		named             bool
	}{
		{"beginnings of pages", `<div class="related"><h3>Related</h3>` + begun + `</div>`, "Storm over Sund", false},
		{"beginnings in a box without a name", `<div>` + begun + `</div>`, "Storm over Sund", false},
		{"titles with their dates", dated, "Storm over Sund", false},
		{"linked names", `<ul><li><a href="/p/1">Ilva Moor</a></li><li><a href="/p/2">Oro Oss</a></li></ul>`, "Oro Oss", true},
		{"linked names in a table", `<table><tr><td><a href="/p/1">Ilva Moor</a></td><td>1</td></tr><tr><td><a href="/p/2">Oro Oss</a></td><td>2</td></tr></table>`, "Oro Oss", true},
		{"linked names in cells alone", `<table><tr><td><a href="/p/1">Ilva Moor</a></td><td><a href="/p/2">Oro Oss</a></td></tr></table>`, "Oro Oss", true},
	} {
		p, err := ReadPage("a.html", []byte(pageOf(`<title>The treaty of Port Almira</title>`, `<nav><a href="/">Home</a></nav><main><h1>The treaty of Port Almira</h1>`+dayLine+`<div class="text"><p>`+sentence+`</p></div>`+tt.below+`</main>`)), Options{Zone: time.UTC})
		if err != nil || !strings.Contains(string(p.Body), sentence) {
			t.Errorf("%s: %v, %s: %s", tt.name, err, p.Refused, p.Body)
		}
		if kept := strings.Contains(string(p.Body), tt.mark); kept && !tt.named {
			t.Errorf("%s: it is in the text: %s", tt.name, p.Body)
		} else if tt.named && !kept && !strings.Contains(strings.Join(p.Problems, "\n"), tt.mark) {
			t.Errorf("%s: nothing is said of it: %s, %q", tt.name, p.Body, p.Problems)
		}
	}
}
