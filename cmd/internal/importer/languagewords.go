package importer

import "communique/storage/press"

// tongue is what a language is known by among those of its script: the letters that it
// writes beside those that all of them share, and the words that no text in it can do
// without. Words of more than one language count little. "-ssa" is how words end that have
// no little words beside them.
type tongue struct {
	language       press.Language
	letters, words string
}

// latin are languages in Latin letters; of a to z all have what they need.
var latin = []tongue{
	{"en", "", "the of and to in that with for was is on by his has have from at as are be this which it an or not were been will their they he she its who would also into between other shall may more all any everyone right one no these those there but had about after when out up can than our we where such should through against without being must"},
	{"de", "äöüß", "der die und den des mit von zu ist im für auf das dem ein eine nicht sich auch werden wird bei einer einem einen oder haben hat als nach durch sind über zum zur an er sie es wurde aus sein seine jeder mehr zwischen wie alle kann seiner ihrer ihre dieser diese dieses recht mensch ohne gegen unter minister sowie vor worden anspruch"},
	{"lb", "äöüëéè", "de den d an vun der ass fir mat op dat net eng en dem ze sinn hunn huet och um aus zu als bei wéi si déi iwwer gouf nees ginn well nach säi hir jiddereen"},
	{"nl", "éèëïöüáó", "de het een van en in is op te dat voor met zijn aan die door bij niet naar om ook als heeft er hebben wordt tot uit over worden deze werd maar zich dit nog meer tussen of hij wij ieder recht zonder tegen onder zal dan hun haar zoals geen alle minister mag tijdens waar"},
	{"af", "êëéèôûïö", "die van en in is het vir op wat nie met aan te dat sal by word om ook as deur hy sy tot uit was daar een hulle tussen oor nog meer ons of elke elkeen haar sonder reg alle mag moet teen onder hul mense kan geen soos dié"},
	{"fy", "âêôûúéëï", "de it fan en yn is op te dat foar mei syn oan dy troch by net nei om ek as hat hawwe wurdt ta út oer wurde mar him noch tusken of elk"},
	{"fr", "àâæçéèêëîïôœùûüÿ", "le la les de des du et en à que qui dans pour une est sur au par avec aux ce il un l d a ne pas plus ont son sa ses cette se sont été nous elle être entre leur ou toute tout droit ces leurs aussi personne sans tous toutes deux y dont ainsi ministre lors après contre doit nul ayant"},
	{"oc", "àáçèéíïòóúü", "lo la los las de del dels e en que per amb una un es sus al als dins son aqueste aquesta a an mai coma se pas o tot tota sens entre lor dreit a-n"},
	{"ca", "àçèéíïòóúü·", "el la els les de del dels i en que per amb una un és al als aquest aquesta són ha han va també més com ser sobre entre l d no o a seu seva seus aquests ni sense fins des molt tothom tota tot pels té dret persona qualsevol així dos tots avui encara quan ja deu seves aquestes ministre estat"},
	{"es", "áéíñóúü", "el la los las de del y en que por con para una se su al es un como más no o a lo ha sus este esta entre fue son sobre también ser han desde hasta sin muy pero todo toda según hay cuando donde están sido ni ante durante otros otra estos ministro persona derecho tiene cual cualquier así dos todos hoy"},
	{"gl", "áéíñóúüï", "o a os as do da dos das de e en que para con unha un na no nas nos ao á polo pola é non se como máis entre foi tamén súa seu sobre ou ademais ata desde moi xunta toda persoa dereito ten calquera así dous todos hoxe aínda cando xa debe seus súas nin polos polas dunha dun cunha cun estes esta"},
	{"pt", "àáâãçéêíóôõúü", "o a os as de do da dos das e em que para com uma no na nos nas ao pela pelo não é um se como mais por foi sua seu são também entre sobre ou ser à até desde muito foram todo toda pelos pelas pessoa direito tem qualquer assim dois todos hoje ministro ainda quando já deve seus suas nem"},
	{"it", "àèéìíîòóùú", "il la di del della dei delle e che in per con una è nel alla da gli le al un sono si non lo dal dalla anche come ha più i l o nella tra su sul essere stato a ogni suo sua degli nei nelle dallo negli questo questa loro deve diritto individuo quale fra senza stata hanno sia può oggi ministro"},
	{"ro", "ăâîșțşţ", "și de la în a cu care pe din pentru o un al este au prin să nu că ale mai se va lui sau ca fi fost între după cele ce orice sale său dreptul persoană nimeni fără toate prezenta trebuie sunt însă cum faptul toți ei lor"},
	{"sq", "çëâê", "e të në dhe për me nga një që i së është u më nuk ka si do ose janë kjo ky edhe tij saj tek kanë pas mbi ndërmjet duhet prej gjithë çdo"},
	{"mt", "ċġħżàèìòù", "il li ta u fil għal ma f b bil tal huwa din dan ukoll minn biex kien aktar bejn hija jew għandu kull kollha dwar mal lil l ir is it id in"},
	{"eu", "ñüç", "eta da du bat ez dira ere den dute izan edo dela egin zen beste bere hau horren baino duen arteko gizon pertsona eskubidea orok guztiek behar gizabanako nork inork gabe guztien besteen eskubideak dago honen horretarako edonork bi baita ondoren gaur goizean lehen berri berria izango behar du dituzte dituen zuen zuten zion zituen diote herri herrialde gobernu ministro ministroak ministroek bitarte buruz dago daude dugu ditu arte gabe bakoitzak urte urteko urtez -aren -aren -etan -ean -tzen -tzeko -ako -eko -ren -rekin -ekin -tik -etik -tako -ak -ek -ari -ari -rentzat -arekin -ozko -tasun -tasuna -tuko -tzea"},
	{"ga", "áéíóú", "agus an na ar le do i sé go is a ag chun leis den sin nó gach duine atá bhí ní tá mar idir faoi maidir"},
	{"cy", "âêîôûŵŷáéíóúẁàèìòùäëïöüÿ", "y yn a yr i o ar wedi ei eu gan am mae oedd ac bod at neu hawl pob pawb gael i'r o'r fel trwy dros rhwng nad ni"},
	{"gd", "àèìòùáéó", "agus an na air do gu a ag le anns is tha bha gach neach no ann bho gun nan am chan sin ri eadar"},
	{"is", "áðéíóúýþæö", "og að í er á um við sem til með fyrir var af eru hefur ekki hann það en frá eða verið sé hver eins því þess þeirra hans"},
	{"fo", "áðíóúýæø", "og at í er á um við sum til fyri var av eru hevur ikki hann tað men frá eins hesum skulu øll ein teirra eisini"},
	{"sv", "åäöéüà", "och att i det som en på är av för med till den har de ett om inte var vid kan men från eller skall ska sig han efter mellan sina sin även under mot nya alla rätt utan varje människa ingen sådan bli blir blev vilka vilket också samt genom hans dess deras får år dag säger"},
	{"da", "æøåéü", "og i det som en på er af for med til den har de et om at ikke var ved kan men fra eller skal sig han efter mellem sin blev også bliver være deres enhver ret hun blive nogen mod over under havde hvor meget været kun nu hvis fik siger udenrigsminister samt både dette disse herunder uden gennem sammen frihed således hvem arbejde lande regeringen udtaler selv eget samfund uddannelse ligesom vil år menneske ingen have måtte frem flere"},
	{"nb", "æøåéòôü", "og i det som en på er av for med til den har de et om å ikke var ved kan men fra eller skal seg han etter mellom sin ble også blir være deres enhver rett hun bli noen mot over under hadde sier at hvor meget vært bare nå hvis fikk utenriksminister samt både dette disse herunder uten gjennom sammen frihet således hvem arbeid land regjeringen uttaler selv eget samfunn utdanning likesom vil år menneske ingen ha måtte frem flere"},
	{"nn", "æøåéòôü", "og i det som ein på er av for med til den har dei eit om å ikkje var ved kan men frå eller skal seg han etter mellom sin vart også blir vere deira kvar rett ho bli nokon mot over under hadde seier at kor mykje òg vore berre no dersom fekk utanriksminister samt både dette desse medrekna utan gjennom saman fridom slik kven arbeid land regjeringa uttalar sjølv eige samfunn utdanning liksom vil år menneske ingen ha måtte fram fleire kvart einkvan"},
	{"se", "áčđŋšŧžåäæøö", "ja lea go ahte dahje leat mii vai sámi ii eai leai dan dat daid beales ovdan galgá juohke olbmos vuoigatvuohta"},
	{"fi", "äöåšž", "ja on ei että se oli hän mutta kun myös ovat joka sekä tai jos ole olisi hänen niin kuin sitä mukaan kanssa eivät jotka voidaan jokaisella oikeus sen tämä vain ketään oikeuksia ihmisellä hänellä mitään ilman kaikkien tulee muun siihen tämän jossa vapaus kansainvälinen kun jotka olivat tänä kaksi vuotta molemmat molempien maiden vuoksi vielä sanoi välillä hallitus uuden uusi sitten jälkeen aikana vuonna vuoden tapasi keskusteli keskustelivat ministeri ulkoministeri lisäksi voi kautta ennen tästä niiden he noin yli eri muiden kaikki jo -ssa -ssä -sta -stä -lla -llä -lta -ltä -lle -nsa -nsä -vat -vät -iden -isen -inen -seen -aan -ään -kin -een -ista -istä -issa -issä"},
	{"et", "äöõüšž", "ja on ei et see oli ta ka kui mis oma või kes seda ning selle aga tema pärast üle kuid nende mida vahel õigus igal inimesel ole oleks igaühel kedagi õigusi inimese ilma kõigi tuleb muu milles samuti vabadus riik"},
	{"lv", "āčēģīķļņšūž", "un ir ar par no kas uz ka arī gada lai kā nav tiek vai pēc pie tika to bet tā ikvienam tiesības viņa būt katram starp jau visu persona nevienu bez citu jābūt savu"},
	{"lt", "ąčęėįšųūž", "ir kad su į iš tai yra jis buvo apie kaip bei dėl per nuo po prie ne ar bus jo turi žmogus teisę kiekvienas metų šios pagal už taip pat asmuo niekas be visų kitų būti savo"},
	{"pl", "ąćęłńóśźż", "w i z na do się że o oraz jest nie po przez dla od za ze są roku jako to a jego być lub tym jak który została ma każdy prawo między które co osoba osoby człowiek prawa bez nikt ani był była także tego przed więc wszystkich swoich innych ich minister spraw"},
	{"cs", "áčďéěíňóřšťúůýž", "a v na se že s z o je do k pro ve by za po jsou které který roku jako podle byl od také i si nebo bylo jeho to při však mezi právo každý má být ze uvedl osoba člověk nikdo nesmí ani bez svých všech jiných ministr práva která aby ho než této"},
	{"sk", "áäčďéíĺľňóôŕšťúýž", "a v na sa že s z o je do k pre vo by za po sú ktoré ktorý roku ako podľa bol od aj si alebo bolo jeho to pri však medzi právo každý má byť zo uviedol so tiež osoba človek nikto nesmie ani bez svojich všetkých iných minister práva ktorá aby ho než tejto každého"},
	{"hsb", "ćčěłńóřšśžź", "a w na so zo z je do za po su kotryž jako wot tež abo ma kóždy prawo być při bu jeho kiž njeje"},
	{"sl", "čšž", "in v je da se za na z s so ki pri tudi bo kot po ter iz med ali ni bil lahko pa o do bi od njegov te glede bila vsak pravico ima kakor biti sta smo bodo dr oseba človek nihče ne sme niti brez svojih vseh drugih minister pravice katera ga tega če svoje nima vsakdo"},
	{"hr", "čćđšž", "i u na je se za da od su s koji će o iz koja kao a ne ili do te nije biti koje bi što svatko pravo ima po bio također između tijekom nakon njegov osoba čovjek nitko smije niti bez svih drugih ministar prava ga nego ovog svoje nema"},
	{"sr-Latn", "čćđšž", "i u na je se za da od su sa koji će o iz koja kao a ne ili do te nije biti koje bi što svako pravo ima po bio takođe između tokom posle njegov osoba čovek niko sme niti bez svih drugih ministar prava ga nego ovog svoje nema"},
	{"hu", "áéíóöőúüű", "a az és hogy is nem egy meg volt ez el már csak vagy ha de kell szerint mint azt minden joga van amely lesz által után között valamint ki személynek személy ember senki sem nélkül jogot mindenkinek továbbá annak ezek saját más lehet"},
	{"tr", "çğıöşüâîû", "ve bir bu ile için da de olarak olan çok ise tarafından daha en gibi her veya olduğu kadar sonra hakkı olduğunu ya göre ancak herkes arasında üzere bakanı bakanlığı kendi bütün hiç şekilde olmak etmek var ayrıca yapılan yeni biri kimse hak hakkına haiz haizdir hakkıdır türlü karşı ne dahi tüm ilgili hakkında üzerinde edilen konuda"},
	{"az", "çəğıöşü", "və bir bu ilə üçün da də olan olaraq hər ki ya onun olduğu o öz malikdir hüququ olmaq edir üzrə sonra arasında tərəfindən bütün hüququna malik şəxs heç kəs belə həmin edən dövlət yeni ilk görə deyil azərbaycan kimi qarşı"},
	{"uz", "ʻʼ‘’", "va bir bu bilan uchun ham o ga dan ning har inson huquqiga ega yoki emas kerak bo oʻz boʻlgan uning"},
	{"tk", "çäňöşüýž", "we bir bu bilen üçin hem her adamyň hukugy bar ýa onuň öz bolan"},
	{"ku", "çêîşû", "û li di de ji bo ku ê ew bi re jî yên wê ya hat heye her kes mafê yan an xwe ne wî da ye tu in din tê dike kirin"},
	{"id", "é", "yang dan di untuk dengan dari ini dalam pada adalah akan juga oleh tidak atau itu ke sebagai setiap orang berhak telah bagi tersebut bahwa menteri dapat karena atas seorang pun tanpa semua seperti harus maupun mereka hal luar negeri"},
	{"ms", "é", "yang dan di untuk dengan dari ini dalam pada adalah akan juga oleh tidak atau itu ke sebagai setiap orang berhak telah bagi tersebut bahawa menteri dapat kerana atas sesiapa pun tanpa semua seperti harus mahupun mereka hal luar negara"},
	{"tl", "ñáíóúâàìòù", "ang ng sa na mga at ay ni para kay ito may si hindi bawat tao karapatan o kanyang lahat nang siya kung din niya"},
	{"vi", "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ", "và của các có cho là được trong với một những đã không người này khi từ đến về để ra mọi quyền theo hay đều bất cứ ai quốc gia vì như phải nhân cũng tự do nước ông bộ"},
	{"sw", "", "ya na wa kwa ni katika za la cha kuwa kila mtu haki yake au vya hii si kama pia huo hiyo wake ana lazima watu"},
	{"so", "", "iyo ka ku in uu ay waxaa la soo kala oo wuxuu ayaa leh qof kasta xaq si"},
	{"ha", "ɓɗƙƴ", "da na a ta ya ba cikin yana za wannan su ko shi kuma ga domin kowane mutum yake don yi"},
	{"mg", "àâéèêëìïñòôöùû", "ny sy amin dia fa ho ao tsy no izany olona rehetra zo manana ireo avy mba"},
	{"ht", "èàòé", "ak nan pou ki yo sou se te la yon tout moun gen dwa li pa oswa ka nou kap"},
	{"eo", "ĉĝĥĵŝŭ", "la de kaj en estas al por ke kun ne pri per aŭ ĉiu havas rajton el sia oni ĉiuj kiu pli"},
	{"la", "āēīōūæœ", "et in est ad cum non ut quod qui ex de per a ab sed vel omnis ius esse aut sunt atque"},
}

// cyrillic are languages in Cyrillic letters, each with all of its own.
var cyrillic = []tongue{
	{"ru", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "и в на с что по не к из о для от а его как это при также или за до быть был были она они их который которые между права человек имеет каждый все со во у году человека никто ни без всех других министр более того чтобы может должен свою своих прав один всякий"},
	{"be", "абвгдеёжзійклмнопрстуўфхцчшыьэюя", "і ў на з што па не да у для ад а яго як гэта пры таксама або за быць быў была яны іх які якія паміж права чалавек мае кожны усе са годзе дзяржаўны чалавека ніхто ні без усіх іншых міністр больш таго каб можа павінен сваю сваіх правоў адзін ёсць"},
	{"uk", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "і в на з що до та у не про за для від як його це при також або бути був була вони їх який які між право людина має кожна всі зі році й людини ніхто ні без всіх інших міністр більше того щоб може повинен свою своїх прав один є кожен"},
	{"bg", "абвгдежзийклмнопрстуфхцчшщъьюя", "и на за в от се да е с по че са не при към до като или из без което който тя ще бе беше бъде има право всеки човек между му със през година това никой нито всички други министър повече може трябва своите права един лице бъдат"},
	{"mk", "абвгдѓежзѕијклљмнњопрстќуфхцчџшѐѝ", "и на за во од се да е со по дека не при кон до како или без кое кој таа ќе беше бил биде има право секој човек меѓу му низ година ова го ги што ја никој ниту сите други министер повеќе тоа може треба своите права едно лице бидат"},
	{"sr", "абвгдђежзијклљмнњопрстћуфхцчџш", "и у на је се за да од су са који ће о из која као а не или до те није бити које би што свако право има по био такође између током после његов нико нити без свих других министар више то може треба своје права једно лице буду али због њих свом буде биле свој"},
	{"kk", "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя", "және мен үшін бұл да де бойынша туралы болып әрбір адам құқығы бар немесе оның өз бір деп осы ең қазақстан арқылы кейін қарай жылы екі болды болады деді айтты керек емес ол барлық мемлекет құқық құқылы тиіс жоқ ешкім өзінің"},
	{"ky", "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя", "жана менен үчүн бул да боюнча тууралуу болуп ар бир адам укугу бар же анын өз деп ошол кыргыз аркылуу кийин карай жылы эки болду болот деди айтты керек эмес ал бардык мамлекет укук укуктуу тийиш жок эч ким өзүнүн кандай"},
	{"mn", "абвгдеёжзийклмноөпрстуүфхцчшщъыьэюя", "нь болон байна улсын энэ тухай хүн бүр эрхтэй буюу ба юм бол ч гэж байх өөрийн монгол болно бүх эрх эрхийг хэн өөр мөн дагуу хоёр байгаа ажиллагаа хувьд түүний явдал адил тэдний эсвэл нийт ямар нэг сайд яам гадаад харилцааны хооронд орны хамтын өнөөдөр өглөө оны сарын жил уулзав хэлэв тэрээр тус талын олон зэрэг болсон байв үеэр төлөө анхны шинэ хийсэн хэн -ийн -ын -ийг -ууд -үүд -тэй -тай -той -аар -ээр -оос -аас -ээс -сан -сэн -сон -жээ -лээ -лаа -лав -лэв -даг -дэг -нд -чдад -гүй -хад -хэд"},
	{"tg", "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя", "ва дар аз ба ки бо ин барои ҳар ҳуқуқ дорад ё худ он шахс як буд мебошад тоҷикистон хеҷ кас бояд тамоми дигар ҳуқуқи одам надорад бошад"},
	{"tt", "аәбвгдеёжҗзийклмнңоөпрстуүфхһцчшщъыьэюя", "һәм белән өчен бу да дә буенча турында булып һәр кеше хокукы бар яки аның үз бер дип хокукка ия һичкем тиеш барлык башка хокук юк булырга"},
	{"uz-Cyrl", "абвгғдеёжзийкқлмнопрстуўфхҳцчшъьэюя", "ва бир бу билан учун ҳам ҳар инсон ҳуқуқига эга ёки эмас керак ўз бўлган унинг"},
}

// arabic are languages in Arabic letters, with those beside the ones of Arabic.
var arabic = []tongue{
	{"ar", "ةىأإؤئآ", "في من على إلى أن التي عن مع هذا الذي ما هذه بين لا كل أو كما ذلك قد وقد خلال بعد كان شخص لكل الحق حق له والذي وفي لم عند حول كانت إن منه لها عليه بأن وأن دون أي كافة وزير فرد حرية به هو هي ولا غير تلك"},
	{"fa", "پچگژیکآئؤأۀ", "و در به از که این را با است برای آن می یا خود هر شد های بر تا حق دارد کس نیز شود هم هیچ نباید بدون همه دیگر می\u200cشود باشد وزیر او آنها وی نمی هرگونه باید چنین"},
	{"ur", "ٹڈڑںےہھپچگژیکآئؤۓ", "کے کی میں اور ہے کا سے کو نے پر یہ اس ہر حق شخص یا بھی ہیں ایک کہ وہ ان نہیں"},
	{"ps", "ټډړږښځڅېۍپچګژیکآئۀ", "د په او چې کې له ته سره دا دي ده هر حق لري خپل یا کوي نه شي څوک"},
	{"ckb", "ێۆڕڵەپچگژڤیکئ", "لە بە و بۆ کە ئەم لەگەڵ هەموو مافی هەیە یان کەس ئەو دا بێت نییە لەو خۆی هەر سەر"},
	{"ug", "ەېۈۆۇڭپچگژىكھئ", "ۋە بىلەن ئۈچۈن بۇ بىر ھەر ياكى ئۆز ھوقۇقىغا ئىگە قىلىش ئادەم"},
	{"sd", "ٻڀٺٽٿڄڃڇڏڊڍڙڦڪڳڱڻھپچگ", "۽ جي جو ۾ کي آهي هر حق ته سان لاءِ ماڻهو کان اهو"},
}

// devanagari are languages in Devanagari, which all share their letters.
var devanagari = []tongue{
	{"hi", "", "के में की है को और का से पर ने यह कि हैं एक भी लिए इस नहीं किया प्रत्येक व्यक्ति अधिकार या किसी कोई बिना सभी अन्य उसके अपने तथा हो जाएगा होगा गया था उन्होंने जो तक साथ द्वारा ही"},
	{"ne", "", "र को मा छ लाई हुने गर्ने पनि यो एक तथा भएको छन् प्रत्येक व्यक्तिलाई अधिकार वा हुनेछ गर्न बाट कुनै कसैलाई बिना सबै अन्य आफ्नो रहेको गरिएको छैन हो भने लागि सबैलाई"},
	{"mr", "", "आहे व आणि या च्या ला तो ते हा ही असे प्रत्येक अधिकार किंवा नाही आहेत करण्याचा एक केले कोणत्याही कोणालाही सर्व इतर आपल्या राहील असून झाले करणे त्याच्या त्यांच्या पाहिजे होते होय असा अशा"},
}

// hebrew are languages in Hebrew letters, without points.
var hebrew = []tongue{
	{"he", "", "של את על לא כל עם הוא זה או כי אדם זכאי אל גם היא אין יש בין לכל אשר"},
	{"yi", "", "און די פון צו מיט דער איז א האט אויף נישט יעדער רעכט זיין אדער ניט וואס זיך ווי"},
}
