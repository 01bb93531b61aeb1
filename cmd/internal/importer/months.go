package importer

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

// fold makes words comparable: lower case, without accents and vowel signs, the
// variants of Arabic letters as one. The vowels of Thai stay: without them ม.ค. and มี.ค.,
// January and March, are one.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Thai, r), r == 'ـ', joins(r):
		case r == 'ى', r == 'ی':
			b.WriteRune('ي')
		case r == 'ة':
			b.WriteRune('ه')
		case r == 'ک':
			b.WriteRune('ك')
		case r == 'ı':
			b.WriteRune('i')
		case r == 'ł':
			b.WriteRune('l')
		default:
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// joins reports whether a sign only says how the letters beside it are joined.
func joins(r rune) bool { return r == '\u200c' || r == '\u200d' }

// monthNames holds, per language, the twelve months in order, separated by
// "|"; forms and spellings of one month are separated by ",".
var monthNames = map[press.Language]string{
	"en": "january,jan|february,feb|march,mar|april,apr|may|june,jun|july,jul|august,aug|september,sept,sep|october,oct|november,nov|december,dec",
	"de": "januar,jänner,jan|februar,feber,feb|märz,mär,mrz|april,apr|mai|juni,jun|juli,jul|august,aug|september,sep,sept|oktober,okt|november,nov|dezember,dez",
	"fr": "janvier,janv|février,févr,fév|mars|avril,avr|mai|juin|juillet,juil|août|septembre,sept|octobre,oct|novembre,nov|décembre,déc",
	"es": "enero,ene|febrero,feb|marzo,mar|abril,abr|mayo,may|junio,jun|julio,jul|agosto,ago|septiembre,setiembre,sept,sep,set|octubre,oct|noviembre,nov|diciembre,dic",
	"pt": "janeiro,jan|fevereiro,fev|março,mar|abril,abr|maio,mai|junho,jun|julho,jul|agosto,ago|setembro,set|outubro,out|novembro,nov|dezembro,dez",
	"it": "gennaio,gen|febbraio,feb|marzo,mar|aprile,apr|maggio,mag|giugno,giu|luglio,lug|agosto,ago|settembre,set,sett|ottobre,ott|novembre,nov|dicembre,dic",
	"ca": "gener,gen|febrer,febr|març|abril,abr|maig|juny|juliol,jul|agost,ag|setembre,set|octubre,oct|novembre,nov|desembre,des",
	"ro": "ianuarie,ian|februarie,feb|martie,mar|aprilie,apr|mai|iunie,iun|iulie,iul|august,aug|septembrie,sept|octombrie,oct|noiembrie,noi,nov|decembrie,dec",
	"nl": "januari,jan|februari,feb|maart,mrt|april,apr|mei|juni,jun|juli,jul|augustus,aug|september,sep|oktober,okt|november,nov|december,dec",
	"sv": "januari,jan|februari,feb|mars,mar|april,apr|maj|juni,jun|juli,jul|augusti,aug|september,sep|oktober,okt|november,nov|december,dec",
	"da": "januar,jan|februar,feb|marts,mar|april,apr|maj|juni,jun|juli,jul|august,aug|september,sep|oktober,okt|november,nov|december,dec",
	"nb": "januar,jan|februar,feb|mars,mar|april,apr|mai|juni,jun|juli,jul|august,aug|september,sep|oktober,okt|november,nov|desember,des",
	"is": "janúar|febrúar|mars|apríl|maí|júní|júlí|ágúst|september|október|nóvember|desember",
	"fi": "tammikuuta,tammikuu|helmikuuta,helmikuu|maaliskuuta,maaliskuu|huhtikuuta,huhtikuu|toukokuuta,toukokuu|kesäkuuta,kesäkuu|heinäkuuta,heinäkuu|elokuuta,elokuu|syyskuuta,syyskuu|lokakuuta,lokakuu|marraskuuta,marraskuu|joulukuuta,joulukuu",
	"et": "jaanuar,jaanuaril|veebruar,veebruaril|märts,märtsil|aprill,aprillil|mai,mail|juuni,juunil|juuli,juulil|august,augustil|september,septembril|oktoober,oktoobril|november,novembril|detsember,detsembril",
	"lv": "janvāris,janvārī|februāris,februārī|marts,martā|aprīlis,aprīlī|maijs,maijā|jūnijs,jūnijā|jūlijs,jūlijā|augusts,augustā|septembris,septembrī|oktobris,oktobrī|novembris,novembrī|decembris,decembrī",
	"lt": "sausio,sausis|vasario,vasaris|kovo,kovas|balandžio,balandis|gegužės,gegužė|birželio,birželis|liepos,liepa|rugpjūčio,rugpjūtis|rugsėjo,rugsėjis|spalio,spalis|lapkričio,lapkritis|gruodžio,gruodis",
	"pl": "stycznia,styczeń,sty|lutego,luty,lut|marca,marzec,mar|kwietnia,kwiecień,kwi|maja,maj|czerwca,czerwiec,cze|lipca,lipiec,lip|sierpnia,sierpień,sie|września,wrzesień,wrz|października,październik,paź|listopada,listopad,lis|grudnia,grudzień,gru",
	"cs": "ledna,leden|února,únor|března,březen|dubna,duben|května,květen|června,červen|července,červenec|srpna,srpen|září|října,říjen|listopadu,listopad|prosince,prosinec",
	"sk": "januára,január|februára,február|marca,marec|apríla,apríl|mája,máj|júna,jún|júla,júl|augusta,august|septembra,september|októbra,október|novembra,november|decembra,december",
	"sl": "januarja,januar|februarja,februar|marca,marec|aprila,april|maja,maj|junija,junij|julija,julij|avgusta,avgust|septembra,september|oktobra,oktober|novembra,november|decembra,december",
	"hr": "siječnja,siječanj|veljače,veljača|ožujka,ožujak|travnja,travanj|svibnja,svibanj|lipnja,lipanj|srpnja,srpanj|kolovoza,kolovoz|rujna,rujan|listopada,listopad|studenoga,studenog,studeni|prosinca,prosinac",
	"bs": "januara,januar|februara,februar|marta,mart|aprila,april|maja,maj|juna,juni,jun|jula,juli,jul|augusta,august,avgusta,avgust|septembra,septembar|oktobra,oktobar|novembra,novembar|decembra,decembar",
	"sr": "јануара,јануар|фебруара,фебруар|марта,март|априла,април|маја,мај|јуна,јун|јула,јул|августа,август|септембра,септембар|октобра,октобар|новембра,новембар|децембра,децембар",
	"mk": "јануари|февруари|март|април|мај|јуни|јули|август|септември|октомври|ноември|декември",
	"bg": "януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември",
	"ru": "января,январь,янв|февраля,февраль,фев|марта,март,мар|апреля,апрель,апр|мая,май|июня,июнь,июн|июля,июль,июл|августа,август,авг|сентября,сентябрь,сен,сент|октября,октябрь,окт|ноября,ноябрь,ноя|декабря,декабрь,дек",
	"uk": "січня,січень,січ|лютого,лютий,лют|березня,березень,бер|квітня,квітень,квіт|травня,травень,трав|червня,червень,черв|липня,липень,лип|серпня,серпень,серп|вересня,вересень,вер|жовтня,жовтень,жовт|листопада,листопад|грудня,грудень,груд",
	"be": "студзеня|лютага|сакавіка|красавіка|мая|чэрвеня|ліпеня|жніўня|верасня|кастрычніка|лістапада|снежня",
	"kk": "қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан",
	"hu": "január,jan|február,febr|március,márc|április,ápr|május,máj|június,jún|július,júl|augusztus,aug|szeptember,szept|október,okt|november,nov|december,dec",
	"tr": "ocak,oca|şubat,şub|mart,mar|nisan,nis|mayıs,may|haziran,haz|temmuz,tem|ağustos,ağu|eylül,eyl|ekim,eki|kasım,kas|aralık,ara",
	"az": "yanvar|fevral|mart|aprel|may|iyun|iyul|avqust|sentyabr|oktyabr|noyabr|dekabr",
	"uz": "yanvar|fevral|mart|aprel|may|iyun|iyul|avgust|sentabr|oktabr|noyabr|dekabr",
	"sq": "janar|shkurt|mars|prill|maj|qershor|korrik|gusht|shtator|tetor|nëntor|dhjetor",
	"el": "ιανουαρίου,ιανουάριος,ιαν|φεβρουαρίου,φεβρουάριος,φεβ|μαρτίου,μάρτιος,μαρ|απριλίου,απρίλιος,απρ|μαΐου,μάιος,μάι|ιουνίου,ιούνιος,ιουν|ιουλίου,ιούλιος,ιουλ|αυγούστου,αύγουστος,αυγ|σεπτεμβρίου,σεπτέμβριος,σεπ|οκτωβρίου,οκτώβριος,οκτ|νοεμβρίου,νοέμβριος,νοε|δεκεμβρίου,δεκέμβριος,δεκ",
	"hy": "հունվարի|փետրվարի|մարտի|ապրիլի|մայիսի|հունիսի|հուլիսի|օգոստոսի|սեպտեմբերի|հոկտեմբերի|նոյեմբերի|դեկտեմբերի",
	"ka": "იანვარი|თებერვალი|მარტი|აპრილი|მაისი|ივნისი|ივლისი|აგვისტო|სექტემბერი|ოქტომბერი|ნოემბერი|დეკემბერი",
	// The Gulf and Egypt, the Levant, the Maghreb and Morocco, in this order.
	"ar": "يناير,كانون الثاني,جانفي|فبراير,شباط,فيفري|مارس,آذار|أبريل,ابريل,نيسان,أفريل|مايو,أيار,ماي|يونيو,يونية,حزيران,جوان|يوليو,يولية,تموز,جويلية,جويليه,يوليوز|أغسطس,آب,أوت,غشت|سبتمبر,أيلول,شتنبر|أكتوبر,تشرين الأول|نوفمبر,تشرين الثاني,نونبر|ديسمبر,كانون الأول,دجنبر",
	"fa": "ژانویه|فوریه|مارس|آوریل|مه,می|ژوئن|ژوئیه,جولای|اوت,آگوست|سپتامبر|اکتبر|نوامبر|دسامبر",
	"ur": "جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر",
	"he": "ינואר,בינואר|פברואר,בפברואר|מרץ,במרץ,מרס,במרס|אפריל,באפריל|מאי,במאי|יוני,ביוני|יולי,ביולי|אוגוסט,באוגוסט|ספטמבר,בספטמבר|אוקטובר,באוקטובר|נובמבר,בנובמבר|דצמבר,בדצמבר",
	"id": "januari,jan|februari,feb|maret,mar|april,apr|mei|juni,jun|juli,jul|agustus,agt,agu|september,sep|oktober,okt|november,nopember,nov|desember,des",
	"ms": "januari|februari|mac|april|mei|jun|julai|ogos|september|oktober|november|disember",
	"sw": "januari|februari|machi|aprili|mei|juni|julai|agosti|septemba|oktoba|novemba|desemba",
	"hi": "जनवरी|फरवरी,फ़रवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर,सितम्बर|अक्टूबर,अक्तूबर|नवंबर,नवम्बर|दिसंबर,दिसम्बर",
	"bn": "জানুয়ারি,জানুয়ারী|ফেব্রুয়ারি,ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর",
	"th": "มกราคม,ม.ค|กุมภาพันธ์,ก.พ|มีนาคม,มี.ค|เมษายน,เม.ย|พฤษภาคม,พ.ค|มิถุนายน,มิ.ย|กรกฎาคม,ก.ค|สิงหาคม,ส.ค|กันยายน,ก.ย|ตุลาคม,ต.ค|พฤศจิกายน,พ.ย|ธันวาคม,ธ.ค",
	"mt": "jannar|frar|marzu|april|mejju|ġunju|lulju|awwissu|settembru|ottubru|novembru|diċembru",
	"ga": "eanáir|feabhra|márta|aibreán|bealtaine|meitheamh|iúil|lúnasa|meán fómhair|deireadh fómhair|samhain|nollaig",
	"gl": "xaneiro,xan|febreiro,feb|marzo,mar|abril,abr|maio|xuño|xullo|agosto|setembro|outubro|novembro|decembro",
	"eu": "urtarrila,urtarrilak,urtarrilaren|otsaila,otsailak,otsailaren|martxoa,martxoak,martxoaren|apirila,apirilak,apirilaren|maiatza,maiatzak,maiatzaren|ekaina,ekainak,ekainaren|uztaila,uztailak,uztailaren|abuztua,abuztuak,abuztuaren|iraila,irailak,irailaren|urria,urriak,urriaren|azaroa,azaroak,azaroaren|abendua,abenduak,abenduaren",
	"af": "januarie|februarie|maart|april|mei|junie|julie|augustus|september|oktober|november|desember",
	"lb": "januar|februar|mäerz|abrëll|mee|juni|juli|august|september|oktober|november|dezember",
	"cy": "ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr",
	// Kurds write the months of the Levant or names of their own, and decline them.
	"ku":  "rêbendan,rêbendana,rêbendanê,çile,çileyê|sibat,sibata,sibatê,reşemî,reşemiya,reşemiyê|adar,adara,adarê|nîsan,nîsana,nîsanê,avrêl,avrêla,avrêlê|gulan,gulana,gulanê|hezîran,hezîrana,hezîranê,pûşper,pûşpera,pûşperê|tîrmeh,tîrmeha,tîrmehê,temûz,temûza,temûzê|tebax,tebaxa,tebaxê,gelawêj,gelawêja,gelawêjê|îlon,îlona,îlonê,rezber,rezbera,rezberê|cotmeh,cotmeha,cotmehê|mijdar,mijdara,mijdarê|berfanbar,berfanbara,berfanbarê",
	"ckb": "کانوونی دووەم,کانوونی دووەمی|شوبات,شوباتی|ئازار,ئازاری,ئادار,ئاداری|نیسان,نیسانی|ئایار,ئایاری,مایس,مایسی|حوزەیران,حوزەیرانی|تەممووز,تەممووزی,تەموز,تەموزی|ئاب,ئابی|ئەیلوول,ئەیلوولی,ئەیلول,ئەیلولی|تشرینی یەکەم,تشرینی یەکەمی|تشرینی دووەم,تشرینی دووەمی|کانوونی یەکەم,کانوونی یەکەمی",
	"ky":  "январь,январы,январында|февраль,февралы,февралында|март,марты,мартында|апрель,апрели,апрелинде|май,майы,майында|июнь,июну,июнунда|июль,июлу,июлунда|август,августу,августунда|сентябрь,сентябры,сентябрында|октябрь,октябры,октябрында|ноябрь,ноябры,ноябрында|декабрь,декабры,декабрында",
	"tg":  "январ,январи|феврал,феврали|март,марти|апрел,апрели|май,майи|июн,июни|июл,июли|август,августи|сентябр,сентябри|октябр,октябри|ноябр,ноябри|декабр,декабри",
	"tl":  "enero|pebrero|marso|abril|mayo|hunyo|hulyo|agosto|setyembre|oktubre|nobyembre|disyembre",
	"mr":  "जानेवारी|फेब्रुवारी|मार्च|एप्रिल|मे|जून|जुलै|ऑगस्ट|सप्टेंबर|ऑक्टोबर|नोव्हेंबर|डिसेंबर",
	"ta":  "ஜனவரி|பிப்ரவரி,பெப்ரவரி|மார்ச்|ஏப்ரல்|மே|ஜூன்|ஜூலை|ஆகஸ்ட்,ஆகஸ்டு|செப்டம்பர்,செப்டெம்பர்|அக்டோபர்,ஒக்டோபர்|நவம்பர்|டிசம்பர்",
	"si":  "ජනවාරි|පෙබරවාරි|මාර්තු|අප්\u200dරේල්,අප්රේල්|මැයි|ජූනි,ජුනි|ජූලි,ජුලි|අගෝස්තු|සැප්තැම්බර්|ඔක්තෝබර්|නොවැම්බර්|දෙසැම්බර්",
	"lo":  "ມັງກອນ|ກຸມພາ|ມີນາ|ເມສາ|ພຶດສະພາ|ມິຖຸນາ|ກໍລະກົດ|ສິງຫາ|ກັນຍາ|ຕຸລາ|ພະຈິກ|ທັນວາ",
	"km":  "មករា,ខែមករា|កុម្ភៈ,ខែកុម្ភៈ|មីនា,ខែមីនា|មេសា,ខែមេសា|ឧសភា,ខែឧសភា|មិថុនា,ខែមិថុនា|កក្កដា,ខែកក្កដា|សីហា,ខែសីហា|កញ្ញា,ខែកញ្ញា|តុលា,ខែតុលា|វិច្ឆិកា,ខែវិច្ឆិកា|ធ្នូ,ខែធ្នូ",
	"my":  "ဇန်နဝါရီ,ဇန်နဝါရီလ|ဖေဖော်ဝါရီ,ဖေဖော်ဝါရီလ|မတ်,မတ်လ|ဧပြီ,ဧပြီလ|မေ,မေလ|ဇွန်,ဇွန်လ|ဇူလိုင်,ဇူလိုင်လ|ဩဂုတ်,ဩဂုတ်လ|စက်တင်ဘာ,စက်တင်ဘာလ|အောက်တိုဘာ,အောက်တိုဘာလ|နိုဝင်ဘာ,နိုဝင်ဘာလ|ဒီဇင်ဘာ,ဒီဇင်ဘာလ",
	"te":  "జనవరి|ఫిబ్రవరి|మార్చి|ఏప్రిల్|మే|జూన్|జులై,జూలై|ఆగస్టు,ఆగస్ట్|సెప్టెంబర్|అక్టోబర్|నవంబర్|డిసెంబర్",
	"kn":  "ಜನವರಿ|ಫೆಬ್ರವರಿ|ಮಾರ್ಚ್|ಏಪ್ರಿಲ್|ಮೇ|ಜೂನ್|ಜುಲೈ|ಆಗಸ್ಟ್|ಸೆಪ್ಟೆಂಬರ್|ಅಕ್ಟೋಬರ್|ನವೆಂಬರ್|ಡಿಸೆಂಬರ್",
	"ml":  "ജനുവരി|ഫെബ്രുവരി|മാർച്ച്|ഏപ്രിൽ|മേയ്|ജൂൺ|ജൂലൈ|ഓഗസ്റ്റ്|സെപ്റ്റംബർ|ഒക്ടോബർ|നവംബർ|ഡിസംബർ",
	"pa":  "ਜਨਵਰੀ|ਫ਼ਰਵਰੀ,ਫਰਵਰੀ|ਮਾਰਚ|ਅਪ੍ਰੈਲ|ਮਈ|ਜੂਨ|ਜੁਲਾਈ|ਅਗਸਤ|ਸਤੰਬਰ|ਅਕਤੂਬਰ|ਨਵੰਬਰ|ਦਸੰਬਰ",
	"gu":  "જાન્યુઆરી|ફેબ્રુઆરી|માર્ચ|એપ્રિલ|મે|જૂન|જુલાઈ|ઑગસ્ટ,ઓગસ્ટ|સપ્ટેમ્બર|ઑક્ટોબર,ઓક્ટોબર|નવેમ્બર|ડિસેમ્બર",
}

// solarHijri are the months of the calendar of Iran.
const solarHijri = "فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند"

// months finds a month by its folded name, in one language and in all. In all,
// 0 marks a name that means different months in different languages, as
// listopad does in Polish and Croatian.
type months struct {
	in  map[press.Language]map[string]int
	all map[string]int
	// solar are the months of the calendar of Iran.
	solar map[string]int
}

var monthTable = sync.OnceValue(func() months {
	m := months{in: map[press.Language]map[string]int{}, all: map[string]int{}, solar: map[string]int{}}
	for language, list := range monthNames {
		own := map[string]int{}
		for i, names := range strings.Split(list, "|") {
			for name := range strings.SplitSeq(names, ",") {
				name = fold(name)
				own[name] = i + 1
				if known, ok := m.all[name]; ok && known != i+1 {
					m.all[name] = 0
					continue
				}
				m.all[name] = i + 1
			}
		}
		m.in[language] = own
	}
	for i, name := range strings.Split(solarHijri, "|") {
		m.solar[fold(name)] = i + 1
	}
	return m
})

// find returns the month of a folded name, or 0.
func (m months) find(name string, language press.Language) int {
	base, _, _ := strings.Cut(string(language), "-")
	if base == "no" || base == "nn" {
		base = "nb"
	}
	if n, ok := m.in[press.Language(base)][name]; ok {
		return n
	}
	return m.all[name]
}
