package newsroom

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

// version is what an article says in one of its revisions.
type version struct{ title, lead, body, tags string }

// corrected files a first version and corrects it to the others, the last of which is
// returned with whether it was taken.
func (r *room) corrected(language string, versions ...version) error {
	r.t.Helper()
	r.Languages = append(r.Languages, "de", "zh", "ru")
	var id string
	for i, v := range versions {
		if v.title == "" {
			v.title = "Statement"
		}
		fields := []string{"language: " + language}
		if v.lead != "" {
			fields = append(fields, fmt.Sprintf("lead: %q", v.lead))
		}
		if v.tags != "" {
			fields = append(fields, "tags: ["+v.tags+"]")
		}
		doc := r.texts(fmt.Sprintf("%q", v.title), v.body, fields...)
		r.clock.Pass(time.Hour)
		if i == 0 {
			filed, err := r.File(r.t.Context(), doc, Filing{Again: true})
			if err != nil {
				r.t.Fatal(err)
			}
			id = string(filed.Article.ID)
			continue
		}
		_, err := r.Correct(r.t.Context(), press.ArticleID(id), doc, Correction{Note: "It was wrong."})
		if err == nil {
			continue
		}
		if i < len(versions)-1 {
			r.t.Fatalf("version %d: %v", i+1, err)
		}
		return err
	}
	return nil
}

// TestWhatWasTakenOutComesBack in another form or place: it is refused, with what it is.
func TestWhatWasTakenOutComesBack(t *testing.T) {
	t.Parallel()
	dead := []version{{body: "There are 100 dead. The ministry mourns with them."}, {body: "There are 200 dead. The ministry mourns with them."}}
	thousand := []version{{body: "The grant is 1,000 crowns. It is paid in May."}, {body: "The grant is 2,000 crowns. It is paid in May."}}
	name := []version{{body: "The minister met Ivo Tarmas and the ambassador of Almira."}, {body: "The minister met the ambassador of Almira."}}
	million := []version{{body: "The grant is 500,000 crowns. It is paid in May."}, {body: "The grant is 900,000 crowns. It is paid in May."}}
	meeting := []version{{body: "They meet on 3 May. All will come."}, {body: "They meet on 4 May. All will come."}}
	for _, tt := range []struct {
		name, language string
		before         []version
		then           version
		shown          string
	}{
		{"decimals", "en", dead, version{body: "There are 100.0 dead. The ministry mourns with them."}, "100.0"},
		{"another order", "en", dead, version{body: "100 are dead. The ministry mourns with them."}, "100"},
		{"another sentence", "en", dead, version{body: "The ministry mourns with them. The number of victims has reached 100."}, "100"},
		{"beside what stands", "en", dead, version{body: "There are 200 dead. The ministry mourns with them. Of 100 dead nothing was said."}, "100"},
		{"Arabic digits", "en", dead, version{body: "There are ١٠٠ dead. The ministry mourns with them."}, "100"},
		{"Persian digits", "en", dead, version{body: "The dead are ۱۰۰ now. The ministry mourns with them."}, "100"},
		{"the digits of Devanagari", "en", dead, version{body: "Of dead there are १०० now. The ministry mourns with them."}, "100"},
		{"wide digits", "en", dead, version{body: "１００ are dead. The ministry mourns with them."}, "100"},
		{"digits of mathematics", "en", dead, version{body: "𝟏𝟎𝟎 are dead. The ministry mourns with them."}, "100"},
		{"with something unseen", "en", dead, version{body: "1\u200b00 are dead. The ministry mourns with them."}, "100"},
		{"with zeros", "en", dead, version{body: "0100 are dead. The ministry mourns with them."}, "100"},
		{"in a row of a table", "en", dead, version{body: "There are 200 dead. The ministry mourns with them.\n\n| what | how many |\n|---|---|\n| dead | 100 |"}, "100"},
		{"with strokes under it", "en", dead, version{body: "1\u03320\u03320\u0332 are dead. The ministry mourns with them."}, "100"},
		{"in words", "en", dead, version{body: "One hundred are dead. The ministry mourns with them."}, "One hundred"},
		{"in words, and the later figure", "en", dead, version{body: "There are 200 dead, not a hundred dead. The ministry mourns with them."}, "hundred"},
		{"as a power", "en", dead, version{body: "There are 1e2 dead. The ministry mourns with them."}, "100"},
		{"as a power of ten", "en", dead, version{body: "There are 10² dead. The ministry mourns with them."}, "100"},
		{"in Roman numerals", "en", dead, version{body: "There are C dead. The ministry mourns with them."}, "C"},
		{"with letters for digits", "en", dead, version{body: "There are 1OO dead. The ministry mourns with them."}, "100"},
		{"from words into figures", "en", []version{{body: "One hundred and twenty are dead. The ministry mourns."}, {body: "Two hundred are dead. The ministry mourns."}}, version{body: "120 are dead. The ministry mourns."}, "120"},
		{"millions", "en", []version{{body: "The grant is 1,200,000 crowns. It is paid in May."}, {body: "The grant is 2,400,000 crowns. It is paid in May."}}, version{body: "It is paid in May, and comes to 1.2 million crowns."}, "1.2 million"},
		{"in words of French", "fr", []version{{body: "Il y a 97 morts. Le ministre est en deuil."}, {body: "Il y a 197 morts. Le ministre est en deuil."}}, version{body: "Il y a quatre-vingt-dix-sept morts. Le ministre est en deuil."}, "quatre vingt dix sept"},
		{"in words of German", "de", []version{{body: "Es gibt 250 Tote. Das Amt trauert."}, {body: "Es gibt 350 Tote. Das Amt trauert."}}, version{body: "Es gibt zweihundertfünfzig Tote. Das Amt trauert."}, "zweihundertfünfzig"},
		{"in words of Russian", "ru", []version{{body: "Погибли 125 человек. Министерство скорбит."}, {body: "Погибли 225 человек. Министерство скорбит."}}, version{body: "Погибли сто двадцать пять человек. Министерство скорбит."}, "сто двадцать пять"},
		{"in Chinese numerals", "zh", []version{{body: "死亡人数为250人。部长表示哀悼。"}, {body: "死亡人数为350人。部长表示哀悼。"}}, version{body: "死亡人数为二百五十人。部长表示哀悼。"}, "二百五十"},
		{"half a million", "en", million, version{body: "It is paid in May, and is half a million crowns."}, "half a million"},
		{"a half million", "en", million, version{body: "It is paid in May, and is a half-million crowns."}, "half million"},
		{"thousands, shortened", "en", million, version{body: "It is paid in May, and is 500k crowns."}, "500k"},
		{"two and a half million", "en", []version{{body: "The grant is 2,500,000 crowns. It is paid in May."}, {body: "The grant is 4,500,000 crowns. It is paid in May."}}, version{body: "It is paid in May, and is two and a half million crowns."}, "two and a half million"},
		{"with a half behind it", "en", []version{{body: "The grant is 2.5 million crowns. It is paid in May."}, {body: "The grant is 4.5 million crowns. It is paid in May."}}, version{body: "It is paid in May, and is 2½ million crowns."}, "2.5"},
		{"half a million in French", "fr", []version{{body: "Le don est de 500 000 couronnes. Il est versé en mai."}, {body: "Le don est de 900 000 couronnes. Il est versé en mai."}}, version{body: "Il est versé en mai : un demi-million de couronnes."}, "demi million"},
		{"half a million in German", "de", []version{{body: "Es sind 500.000 Kronen. Sie kommen im Mai."}, {body: "Es sind 900.000 Kronen. Sie kommen im Mai."}}, version{body: "Sie kommen im Mai, eine halbe Million Kronen."}, "halbe Million"},
		{"two and a half in German", "de", []version{{body: "Es sind 2.500.000 Kronen. Sie kommen im Mai."}, {body: "Es sind 900.000 Kronen. Sie kommen im Mai."}}, version{body: "Sie kommen im Mai, zweieinhalb Millionen Kronen."}, "zweieinhalb"},
		{"half a million in Russian", "ru", []version{{body: "Выделено 500 000 крон. Их выплатят в мае."}, {body: "Выделено 900 000 крон. Их выплатят в мае."}}, version{body: "Их выплатят в мае, это полмиллиона крон."}, "полмиллиона"},
		{"one and a half million in Russian", "ru", []version{{body: "Выделено 1 500 000 крон. Их выплатят в мае."}, {body: "Выделено 900 000 крон. Их выплатят в мае."}}, version{body: "Их выплатят в мае, это полтора миллиона крон."}, "полтора"},
		{"half a million in Arabic", "ar", []version{{body: "المنحة 500000 كرونة. تدفع في مايو."}, {body: "المنحة 900000 كرونة. تدفع في مايو."}}, version{body: "تدفع في مايو وهي نصف مليون كرونة."}, "نصف مليون"},
		{"Arabic numbers joined", "ar", []version{{body: "قتل 150 شخصا. الوزارة تعزي."}, {body: "قتل 250 شخصا. الوزارة تعزي."}}, version{body: "الوزارة تعزي. قتل مائة وخمسون شخصا."}, "مائة وخمسون"},
		{"Arabic numbers with small ones", "ar", []version{{body: "قتل 125 شخصا. الوزارة تعزي."}, {body: "قتل 250 شخصا. الوزارة تعزي."}}, version{body: "الوزارة تعزي. قتل مئة وخمسة وعشرون شخصا."}, "مئة وخمسة وعشرون"},
		{"hundreds", "en", []version{{body: "There are 300 dead. The ministry mourns with them."}, {body: "There are 12 dead. The ministry mourns with them."}}, version{body: "The ministry mourns with hundreds of dead."}, "hundreds"},
		{"tens of thousands", "en", []version{{body: "There are 40,000 without homes. It rains."}, {body: "There are 900 without homes. It rains."}}, version{body: "It rains. Tens of thousands have no homes."}, "Tens of thousands"},
		{"several hundred", "en", []version{{body: "There are 300 dead. The ministry mourns with them."}, {body: "There are 12 dead. The ministry mourns with them."}}, version{body: "The ministry mourns with several hundred dead."}, "several hundred"},
		{"a few thousand", "en", []version{{body: "There are 3,000 dead. The ministry mourns with them."}, {body: "There are 12 dead. The ministry mourns with them."}}, version{body: "The ministry mourns with a few thousand dead."}, "few thousand"},
		{"several hundred in German", "de", []version{{body: "Es gibt 300 Tote. Das Amt trauert."}, {body: "Es gibt 12 Tote. Das Amt trauert."}}, version{body: "Das Amt trauert um mehrere hundert Tote."}, "mehrere hundert"},
		{"several thousand in Russian", "ru", []version{{body: "Погибли 3000 человек. Министерство скорбит."}, {body: "Погибли 12 человек. Министерство скорбит."}}, version{body: "Министерство скорбит, погибли несколько тысяч."}, "несколько тысяч"},
		{"hundreds in French", "fr", []version{{body: "Il y a 300 morts. Le ministre est en deuil."}, {body: "Il y a 12 morts. Le ministre est en deuil."}}, version{body: "Le ministre est en deuil de centaines de morts."}, "centaines"},
		{"hundreds in German", "de", []version{{body: "Es gibt 300 Tote. Das Amt trauert."}, {body: "Es gibt 12 Tote. Das Amt trauert."}}, version{body: "Das Amt trauert um Hunderte."}, "Hunderte"},
		{"hundreds in Russian", "ru", []version{{body: "Погибли 300 человек. Министерство скорбит."}, {body: "Погибли 12 человек. Министерство скорбит."}}, version{body: "Министерство скорбит, погибли сотни."}, "сотни"},
		{"hundreds in Arabic", "ar", []version{{body: "قتل 300 شخص. الوزارة تعزي."}, {body: "قتل 12 شخصا. الوزارة تعزي."}}, version{body: "الوزارة تعزي بالمئات. قتل المئات."}, "المئات"},
		{"hundreds in Chinese", "zh", []version{{body: "死亡人数为300人。部长表示哀悼。"}, {body: "死亡人数为12人。部长表示哀悼。"}}, version{body: "部长对数百死者表示哀悼。"}, "数百"},
		{"a name with an accent", "en", name, version{body: "The minister met the ambassador of Almira. With them was Ivo Tàrmas."}, "Ivo"},
		{"a name with an accent alone", "en", name, version{body: "The minister met the ambassador of Almira, and Tármas."}, "Tármas"},
		{"a name with letters of another script", "en", name, version{body: "The minister met the ambassador of Almira, and Tаrmаs."}, "Tаrmаs"},
		{"a name in a form of it", "en", name, version{body: "The minister met the ambassador of Almira. He met Tarmas's friends."}, "Tarmas"},
		{"a form of a word", "en", []version{{body: "Mr Silva is a friend. He came by sea."}, {body: "Mr Silva is a partner. He came by sea."}}, version{body: "He came by sea. Mr Silva and we are friends."}, "friends"},
		{"another form of a word", "en", []version{{body: "The minister resigned today. He thanks all."}, {body: "The minister stays today. He thanks all."}}, version{body: "The minister is resigning today. He thanks all."}, "resigning"},
		{"with blanks in it", "en", dead, version{body: "There are 1 0 0 dead. The ministry mourns with them."}, "100"},
		{"a day in words", "en", meeting, version{body: "They meet on the third of May. All will come."}, "third of may"},
		{"a day with its month first", "en", meeting, version{body: "All will come. They meet on May 3rd."}, "3"},
		{"a day in figures", "en", meeting, version{body: "They meet on 2027-05-03. All will come."}, "2027-05-03"},
		{"a day in German", "de", []version{{body: "Sie treffen sich am 3. Mai. Alle kommen."}, {body: "Sie treffen sich am 4. Mai. Alle kommen."}}, version{body: "Sie treffen sich am 03.05.2027. Alle kommen."}, "03"},
		{"an hour after noon", "en", []version{{body: "They meet at 22:00. All will come."}, {body: "They meet at 23:00. All will come."}}, version{body: "They meet at 10 pm. All will come."}, "10 pm"},
		{"noon", "en", []version{{body: "They meet at 12:00. All will come."}, {body: "They meet at 13:00. All will come."}}, version{body: "They meet at noon. All will come."}, "noon"},
		{"a share in figures", "en", []version{{body: "Half of them died. All mourn."}, {body: "A third of them died. All mourn."}}, version{body: "50% of them died. All mourn."}, "50%"},
		{"a share in words", "en", []version{{body: "About 25 per cent of them died. All mourn."}, {body: "About 75 per cent of them died. All mourn."}}, version{body: "About a quarter of them died. All mourn."}, "a quarter"},
		{"in the title", "en", dead, version{title: "Statement on 100 dead", body: "There are many dead. The ministry mourns with them."}, "100"},
		{"in the lead", "en", dead, version{lead: "The ministry mourns 100.", body: "There are many dead. The ministry mourns with them."}, "100"},
		{"no separator", "en", thousand, version{body: "The grant is 1000 crowns. It is paid in May."}, "1000"},
		{"another separator", "en", thousand, version{body: "1.000 crowns are granted. It is paid in May."}, "1.000"},
		{"a blank", "en", thousand, version{body: "Granted are 1\u202f000 crowns. It is paid in May."}, "1 000"},
		{"an apostrophe", "en", thousand, version{body: "Granted are 1’000 crowns. It is paid in May."}, "1’000"},
		{"decimals and a separator", "en", thousand, version{body: "Granted are 1,000.00 crowns. It is paid in May."}, "1,000.00"},
		{"the marks of Arabic", "en", thousand, version{body: "Granted are ١٬٠٠٠ crowns. It is paid in May."}, "1٬000"},
		{"a name in a new sentence", "en", name, version{body: "The minister met the ambassador of Almira. With them was Ivo Tarmas."}, "Ivo"},
		{"a part of a name", "en", name, version{body: "The minister met the ambassador of Almira, and Tarmas."}, "Tarmas"},
		{"a name in capitals", "en", name, version{title: "Statement with TARMAS", body: "The minister met the ambassador of Almira."}, "TARMAS"},
		{"a name as a tag", "en", name, version{tags: "Tarmas", body: "The minister met the ambassador of Almira."}, "Tarmas"},
		{"a name in the words for a picture", "en", name, version{body: "The minister met the ambassador of Almira.\n\n![Ivo Tarmas](https://a.example/x.png)"}, "Ivo"},
		{"a name in bold, in part", "en", name, version{body: "The minister met the ambassador of Almira. There was also **Tar**mas."}, "Tarmas"},
		{"a name of a text that was written anew", "en", []version{
			{body: "The minister received Ivo Tarmas at noon, and they spoke of fish, harbours, dues, wood and grain for hours."},
			{body: "The minister had guests."},
		}, version{body: "The minister had guests. One was Tarmas."}, "Tarmas"},
		{"of two corrections", "en", []version{{body: "There are 100 dead. The ministry mourns."}, {body: "There are 200 dead. The ministry mourns."}, {body: "There are 300 dead. The ministry mourns."}},
			version{body: "The ministry mourns 100."}, "100"},
		{"from the lead into the text", "en", []version{{lead: "The talks have failed for good. They go on in May.", body: "The ministers met at the harbour."}, {lead: "They go on in May.", body: "The ministers met at the harbour."}},
			version{lead: "They go on in May.", body: "The ministers met at the harbour. The talks have failed for good."}, "talks"},
		{"from the text into the title", "en", []version{{body: "The ministers met. The talks have failed for good."}, {body: "The ministers met."}}, version{title: "The talks have failed for good", body: "The ministers met."}, "failed"},
		{"a short sentence", "en", []version{{lead: "He resigned. More will follow.", body: "The ministry thanks him."}, {lead: "More will follow.", body: "The ministry thanks him."}},
			version{lead: "More will follow.", body: "The ministry thanks him. He resigned."}, "He resigned"},
		{"a word in place of the one that mended it", "en", []version{{body: "Mr Silva is a friend. He came by sea."}, {body: "Mr Silva is a partner. He came by sea."}},
			version{body: "He came by sea. Our friend is Mr Silva."}, "friend"},
		{"out of a struck passage", "en", []version{{body: "There are 100 dead. The ministry mourns."}, {body: "There are ~~100~~ 200 dead. The ministry mourns."}},
			version{body: "100 are dead. The ministry mourns."}, "100"},
		{"a name in Arabic", "ar", []version{{body: "التقى الوزير سفير تارماس في الميناء يوم الأحد."}, {body: "التقى الوزير سفير الميرا في الميناء يوم الأحد."}},
			version{body: "التقى الوزير سفير الميرا في الميناء يوم الأحد. وحضر تارماس."}, "تارماس"},
		{"a figure in Arabic", "ar", []version{{body: "قتل 100 شخص في الميناء."}, {body: "قتل 200 شخص في الميناء."}}, version{body: "بلغ عدد القتلى في الميناء ١٠٠."}, "100"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := newRoom(t).corrected(tt.language, append(tt.before, tt.then)...)
			if !errors.Is(err, ErrBack) || !strings.Contains(err.Error(), tt.shown) {
				t.Errorf("%v, want it refused with %q", err, tt.shown)
			}
		})
	}
}

// TestTheSameInOtherWords is taken back as well: shares, numbers, ordinals, denials, names,
// hours and days are told by what they mean.
func TestTheSameInOtherWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ language, before, now, then string }{
		{"en", "About ¾ of them died.", "About ½ of them died.", "About 75% of them died."},
		{"en", "About ½ of them died.", "About ¼ of them died.", "About 50% of them died."},
		{"en", "About 75% of them died.", "About 50% of them died.", "About ¾ of them died."},
		{"en", "About half of them died.", "About a third of them died.", "A part of 0.5 of them died."},
		{"en", "A part of 0.5 of them died.", "A part of 0.25 of them died.", "About one half of them died."},
		{"en", "One in four died.", "One in five died.", "25% of them died."},
		{"en", "Some 20% of them died.", "Some 30% of them died.", "Some a fifth of them died."},
		{"en", "About a fifth of them died.", "About a third of them died.", "About 20% of them died."},
		{"fr", "Il y a la moitié.", "Il y a un tiers.", "Il y a 50 %."},
		{"fr", "Il y a 50 %.", "Il y a 30 %.", "Il y a la moitié."},
		{"fr", "Il y a le tiers.", "Il y a la moitié.", "Il y a 33 %."},
		{"de", "Es gibt dreiundzwanzig Tote.", "Es gibt vierzig Tote.", "Es gibt 23 Tote."},
		{"de", "Es gibt 23 Tote.", "Es gibt 40 Tote.", "Es gibt dreiundzwanzig Tote."},
		{"es", "Hay veintidós muertos.", "Hay treinta muertos.", "Hay 22 muertos."},
		{"de", "Sie kommen am 3. Mai an.", "Sie kommen am 4. Mai an.", "Sie kommen am dritten Mai an."},
		{"zh", "死亡人数为一百人。", "死亡人数为二百人。", "死亡人数为壹佰人。"},
		{"en", "It is the 12th round.", "It is the 14th round.", "It is the twelfth round."},
		{"en", "It is the third round.", "It is the fourth round.", "It is the 3rd round."},
		{"en", "It is the 21st round.", "It is the 22nd round.", "It is the twenty-first round."},
		{"en", "The ministry will not pay for it.", "The ministry will pay for it.", "The ministry won't pay for it."},
		{"en", "The ministry did not pay for it.", "The ministry did pay for it.", "The ministry didn’t pay for it."},
		{"en", "The ministry cannot pay for it.", "The ministry can pay for it.", "The ministry can not pay for it."},
		{"en", "They met Müller in Almira.", "They met Meyer in Almira.", "They met Mueller in Almira."},
		{"en", "They met Petrov in Almira.", "They met Ivanov in Almira.", "They met Pet-rov in Almira."},
		{"en", "They met Petrov in Almira.", "They met Ivanov in Almira.", "They met P e t r o v in Almira."},
		{"en", "They met Petrov in Almira.", "They met Ivanov in Almira.", "They met Петров in Almira."},
		{"ru", "Они видели Иванова в порту.", "Они видели Петрова в порту.", "В порту был Иванов, они его видели."},
		{"en", "They meet at 22:00 there.", "They meet at 23:00 there.", "They meet at 2200 hours there."},
		{"en", "They meet on 3 May 2027 there.", "They meet on 4 May 2027 there.", "They meet on 20270503 there."},
		{"en", "The grant is $1.2bn in all.", "The grant is $2.5bn in all.", "The grant is 1200 million dollars in all."},
	} {
		t.Run(tt.then, func(t *testing.T) {
			t.Parallel()
			err := newRoom(t).corrected(tt.language, version{body: tt.before + "\n\nMore."}, version{body: tt.now + "\n\nMore."}, version{body: tt.then + "\n\nMore."})
			if !errors.Is(err, ErrBack) {
				t.Errorf("%s → %s → %s: %v", tt.before, tt.now, tt.then, err)
			}
		})
	}
	for _, tt := range []struct{ language, before, now, then string }{
		{"en", "The first ship came.", "A ship came.", "A ship came. At first it was late."},
		{"en", "They did not come.", "They came.", "They came. The others did not speak."},
		{"en", "It is the third round.", "It is the fourth round.", "It is the fourth round. A third of them came."},
		{"en", "About ½ of them died.", "About ¼ of them died.", "About ¼ of them died. 75% live."},
		{"ru", "Они видели Иванова в порту.", "Они видели Петрова в порту.", "Они видели Петрова в порту. Петров был рад."},
	} {
		if err := newRoom(t).corrected(tt.language, version{body: tt.before}, version{body: tt.now}, version{body: tt.then}); err != nil {
			t.Errorf("%s → %s → %s: %v", tt.before, tt.now, tt.then, err)
		}
	}
}

// TestHonestCorrections use words, and figures, that other corrections took out.
func TestHonestCorrections(t *testing.T) {
	t.Parallel()
	dead := []version{{body: "There are 100 dead. The ministry mourns with them."}, {body: "There are 200 dead. The ministry mourns with them."}}
	for name, tt := range map[string]struct {
		language string
		versions []version
	}{
		"a later toll":               {"en", append(dead, version{body: "There are 250 dead. The ministry mourns with them."})},
		"a later toll and another":   {"en", append(dead, version{body: "There are 250 dead, 100 injured. The ministry mourns with them."})},
		"the same figure of others":  {"en", append(dead, version{body: "There are 200 dead. The ministry mourns with them, and sends 100 tents."})},
		"a sentence more":            {"en", append(dead, version{body: "There are 200 dead. The ministry mourns with them. It thanks all who help."})},
		"the figure struck":          {"en", append(dead, version{body: "There are ~~100~~ 200 dead. The ministry mourns with them."})},
		"a common word":              {"en", []version{{body: "He said that the treaty stands."}, {body: "He stated that the treaty stands."}, {body: "He stated that the treaty stands. More will be said in May."}}},
		"small words":                {"en", []version{{body: "The ministers have met, and they spoke."}, {body: "The ministers met to speak."}, {body: "The ministers met to speak, and they will have news."}}},
		"a number in words":          {"en", append(dead, version{body: "There are two hundred dead. The ministry mourns with them, and sends twenty-five tents."})},
		"another number in words":    {"en", append(dead, version{body: "There are three hundred dead. The ministry mourns with them."})},
		"one and a Roman numeral":    {"en", append(dead, version{body: "There are 200 dead. The ministry mourns with them. King Ivo IV is one of those who came."})},
		"an accent that is mended":   {"en", []version{{body: "The minister met Ivo Tarmas. They spoke."}, {body: "The minister met Ivo Tármas. They spoke."}, {body: "The minister met Ivo Tármas. They spoke, Tármas said."}}},
		"a form of what stands":      {"en", []version{{body: "The ship came in. They spoke."}, {body: "The ships came in. They spoke."}, {body: "The ships came in. They spoke of shipping."}}},
		"a day":                      {"en", []version{{body: "They meet on Monday in Almira."}, {body: "They meet on Tuesday in Almira."}, {body: "They meet on Tuesday in Almira. The report comes on Monday."}}},
		"a date":                     {"en", []version{{body: "They meet on 3 May in Almira."}, {body: "They meet on 4 May in Almira."}, {body: "They meet on 4 May in Almira. They have 3 ships."}}},
		"another day":                {"en", []version{{body: "They meet on 3 May."}, {body: "They meet on 4 May."}, {body: "They meet on the fourth of May, 4 May."}}},
		"a third of them":            {"en", []version{{body: "They meet on 3 May."}, {body: "They meet on 4 May."}, {body: "They meet on 4 May. A third of them may come."}}},
		"several hundred that stand": {"en", append(dead, version{body: "There are 200 dead. The ministry mourns with them, as do several hundred others."})},
		"hundreds of what stands":    {"en", append(dead, version{body: "There are 200 dead. The ministry mourns with them, as do hundreds of others."})},
		"half of something else":     {"en", append(dead, version{body: "There are 200 dead, half a dozen of them sailors. The ministry mourns with them."})},
		"a meal in halves":           {"de", []version{{body: "Es gibt 2 Tote. Das Amt trauert."}, {body: "Es gibt 12 Tote. Das Amt trauert."}, {body: "Es gibt 12 Tote. Das Amt trauert um halb zwei, eine halbe Stunde lang."}}},
		"an initial":                 {"en", []version{{body: "C is a grade. He spoke."}, {body: "D is a grade. He spoke."}, {body: "D is a grade. He, C. Smith, spoke."}}},
		"an initial and no figure":   {"en", []version{{body: "They got 100 and left."}, {body: "They got something and left."}, {body: "They got something and left, as C. Smith said."}}},
		"a month":                    {"en", []version{{body: "They meet in March, in Almira."}, {body: "They meet in April, in Almira."}, {body: "They meet in April, in Almira. A report is due in March."}}},
		"a mistake mended elsewhere": {"en", []version{{body: "He recieved them. They were tired."}, {body: "He received them. They were tired."}, {body: "He received them. They were very tired."}}},
		"sentences in another order": {"en", []version{{body: "One came. Two left early. It rained."}, {body: "One came. Two left late. It rained."}, {body: "It rained. One came. Two left late."}}},
		"written anew":               {"en", []version{{body: "The ministers discussed trade and fish."}, {body: "Trade and fish were discussed."}, {body: "Trade and fish were what the ministers talked about."}}},
		"a name more":                {"en", []version{{body: "The minister met Ivo Tarmas."}, {body: "The minister met Ivo Tarmos."}, {body: "The minister met Ivo Tarmos and Ada Brand."}}},
		"a word with a capital first": {"en", []version{{body: "However, they met. The talks go on."}, {body: "They met. The talks go on."},
			{body: "They met. However, the talks go on."}}},
		"a title in capitals": {"en", []version{{title: "Ministers Discuss Harbour Dues", body: "They met."}, {title: "Ministers Agree on Harbour Dues", body: "They met."},
			{title: "Ministers Agree on Harbour Dues", body: "They met. They will discuss dues again."}}},
		"a new figure in place of one":  {"en", []version{{body: "The grant is 1,000 crowns."}, {body: "The grant is 2,000 crowns."}, {body: "The grant is 2,500 crowns."}}},
		"the same figure in a new form": {"en", []version{{body: "The grant is 1,000 crowns for fish."}, {body: "The grant is 2,000 crowns for fish."}, {body: "The grant is 2000 crowns, for fish."}}},
		"a German noun": {"de", []version{{body: "Der Haushalt wurde nach langer Beratung im Plenum der Stadt beschlossen, mit großer Mehrheit."}, {body: "Das Budget ist beschlossen."},
			{body: "Das Budget ist beschlossen. Der Haushalt gilt ab Mai."}}},
		"a French word": {"fr", []version{{body: "Le ministre a dit que la paix est possible."}, {body: "Le ministre a affirmé que la paix est possible."},
			{body: "Le ministre a affirmé que la paix est possible. Il a tout dit."}}},
		"a Chinese text": {"zh", []version{{body: "部长会见了代表团,并讨论了港口问题。"}, {body: "部长会见了代表团,并讨论了渔业问题。"}, {body: "部长会见了代表团,并讨论了渔业问题。港口也在场。"}}},
		"an Arabic text": {"ar", []version{{body: "التقى الوزير السفير في الميناء."}, {body: "استقبل الوزير السفير في الميناء."}, {body: "استقبل الوزير السفير في الميناء وبحثا التجارة."}}},
		"a link more":    {"en", append(dead, version{body: "There are [200](https://a.example/) dead. The ministry mourns with them."})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := newRoom(t).corrected(tt.language, tt.versions...); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestTheNoteOnWhatIsTakenBack would tell readers what the article says no more.
func TestTheNoteOnWhatIsTakenBack(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	text := func(budget string) Document { return r.texts("The budget", "The budget is "+budget+" million crowns.") }
	filed, err := r.File(t.Context(), text("100"), Filing{})
	if err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct {
		budget string
		c      Correction
		want   error
	}{
		{"200", Correction{Note: "The budget is 200 million, not 100."}, nil},
		{"100", Correction{Back: true, Minor: true}, ErrNoteStands},
		{"100", Correction{Back: true, Note: "The budget is 100 million after all."}, nil},
		{"200", Correction{Back: true, Minor: true}, ErrNoteStands},
		{"200", Correction{Back: true, Minor: true, HideEarlier: true}, nil},
		{"100", Correction{Back: true, Minor: true}, nil}, // nobody reads the notes any more
	} {
		r.clock.Pass(time.Hour)
		if _, err := r.Correct(t.Context(), filed.Article.ID, text(tt.budget), tt.c); !errors.Is(err, tt.want) {
			t.Errorf("correction %d: %v, want %v", i+1, err, tt.want)
		}
	}
}

// TestTheNoteOnAnother correction than the one that is taken back tells readers of it all
// the same.
func TestTheNoteOnAnother(t *testing.T) {
	t.Parallel()
	const text = "The budget is %s million crowns. The talks took place in %s."
	for _, tt := range []struct {
		name, note string
		want       error
	}{
		{"of what goes", "The budget is 200 million.", ErrNoteStands},
		{"of what comes again", "It is not 100 million.", ErrNoteStands},
		{"in words", "It is two hundred million.", ErrNoteStands},
		{"of something else", "The place was wrong.", nil},
	} {
		r := newRoom(t)
		says := func(budget, place string) Document {
			return r.texts("The budget", fmt.Sprintf(text, budget, place))
		}
		filed, err := r.File(t.Context(), says("100", "Aldreth"), Filing{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			doc  Document
			c    Correction
			want error
		}{
			{says("200", "Aldreth"), Correction{Minor: true}, nil},
			{says("200", "Almira"), Correction{Note: tt.note}, nil},
			{says("200", "Almira, by the sea"), Correction{Note: "It has a harbour."}, nil},
			{says("100", "Almira, by the sea"), Correction{Minor: true, Back: true}, tt.want},
		} {
			r.clock.Pass(time.Hour)
			if _, err := r.Correct(t.Context(), filed.Article.ID, c.doc, c.c); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, c.want)
			}
		}
	}
}

// TestTheNoteOnALaterOne: where a figure was corrected twice, and once with a note, taking
// both back makes the note untrue, whichever it was on; a figure that is written in words
// does not.
func TestTheNoteOnALaterOne(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, second, third, last string
		c                         Correction
		want                      error
	}{
		{"on the second", "", "It was wrong.", "The budget is 100 million crowns.", Correction{Back: true, Minor: true}, ErrNoteStands},
		{"on the first", "It was wrong.", "", "The budget is 100 million crowns.", Correction{Back: true, Minor: true}, ErrNoteStands},
		{"on neither", "", "", "The budget is 100 million crowns.", Correction{Back: true, Minor: true}, nil},
		{"in words", "", "The budget is 300 million crowns.", "The budget is three hundred million crowns.", Correction{Minor: true}, nil},
		{"in more figures", "", "The budget is 300 million crowns.", "The budget is 300,000,000 crowns.", Correction{Minor: true}, nil},
		{"in other words", "", "The budget is 300 million crowns.", "The budget is four hundred million crowns.", Correction{Minor: true}, ErrNoteStands},
	} {
		r := newRoom(t)
		filed, err := r.File(t.Context(), r.texts("The budget", "The budget is 100 million crowns."), Filing{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			body string
			c    Correction
			want error
		}{
			{"The budget is 200 million crowns.", Correction{Note: tt.second, Minor: tt.second == ""}, nil},
			{"The budget is 300 million crowns.", Correction{Note: tt.third, Minor: tt.third == ""}, nil},
			{tt.last, tt.c, tt.want},
		} {
			r.clock.Pass(time.Hour)
			if _, err := r.Correct(t.Context(), filed.Article.ID, r.texts("The budget", c.body), c.c); !errors.Is(err, c.want) {
				t.Errorf("%s: %s: %v, want %v", tt.name, c.body, err, c.want)
			}
		}
	}
}
