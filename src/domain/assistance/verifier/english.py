"""Plain English words, as lists: written down for this verifier, grouped as they are used."""

from typing import Final

from domain.assistance.verifier.wordlists import bag, listed

FUNCTION_WORDS: Final = bag("""
a about above across after again against ago ahead all almost along already also although always am among an and
another any anybody anyone anything anyway anywhere are around as aside at away back be because been before behind
being below beneath beside besides between beyond both but by can cannot could despite did do does done down during
each either else elsewhere enough etc even ever every everybody everyone everything everywhere except few for from
further had has have having he hence her here hers herself him himself his how however i if in indeed inside instead
into is it its itself just least less lest let like likewise little lot lots many may maybe me meanwhile might mine
more moreover most much must my myself near nearby nearly neither never nevertheless next no nobody none nor not
nothing now nowhere of off often on once one ones only onto or other others otherwise ought our ours ourselves out
outside over own per perhaps please plus quite rather really same several shall she should since so some somebody
somehow someone something sometimes somewhere soon still such than that the their theirs them themselves then there
therefore these they this those though through throughout thru thus till to together too toward towards under unless
unlike until up upon us very via was we well were what whatever when whenever where wherever whereas whether which
whichever while who whoever whole whom whose why will with within without would yes yet you your yours yourself
yourselves oh ok okay hi hello hey bye goodbye thanks thank sorry welcome wow great sure yep yeah yup nope nah hmm um
ah alright alrighty cheers ll ve re d m s t don won isn aren wasn weren doesn didn hasn haven hadn couldn wouldn
shouldn needn let's til gonna wanna gotta lemme im ive ill id youre youll youd its thats whats theres dont cant wont
doesnt didnt isnt arent havent hasnt couldnt wouldnt shouldnt lets hows heres theyre were whos
""")

GENERAL: Final = listed("""
able absent absolute absolutely accept access accessible accommodate accommodation accompany accordance according
accordingly account accurate achieve acknowledge acquire act action active activity actual actually ad add addition
additional additionally address adequate adjust admission admit adore adult advance advantage advertise advice advise
affect affirmative afford affordable afternoon age agency agent agree agreement ahh air airbag airline airplane
airport album alike alive allow alone aloud alter alternate alternative altogether amaze amazing amend amenity amount
ample amuse animal announce annual answer anticipate anxious anytime apart apartment apiece apologize apology app
apparent apparently appeal appear appetizer applicable apply appointment appreciate appreciation approach appropriate
approve approximate approximately apps area argue arrange arrangement arrival arrive art article artist ask asleep
aspect assign assist assistance assistant associate assume assure atmosphere attach attempt attend attention attract
attraction attractive attribute author authorize auto automatic automatically availability available avenue average
avoid await awake award aware awe awesome awful awhile baby background bad bag baggage balance ball ban band bank bar
bare base basic basically basis basket bath bathroom battery beach bear beautiful beauty become bed bedroom bedrooms
begin beginning behalf behave belief believe belong benefit best bet better big bill billing bind birth birthday bit
black blast bless block blue bluetooth board boat body bonus book booking boot border born borrow boss bother bottle
bottom box boy brake branch brand break breakfast brief briefly bright bring broad brother brown browse bucket budget
buffet build building bunch burger burn bus business busy button buy buyer cab cable cafe calculate calendar call
caller calm camera camp campus cancel cancellation capacity car carbon card cardholder care career careful carefully
cargo carriage carrier carry cart case cash cashier cast casual cat catalog catalogue catch category cater cause
cease celebrate celebration cell celsius cent center central centre ceremony certain certainly chain chair challenge
chance change channel chapter character charge charity charm charming chart chat cheap check checkin checkout cheer
chef chief child children childrens choice choose chosen church cinema circle circumstance city claim clarification
clarify class classic classical classify clean clear clearly clerk clever click client climate climb clock close
closely cloth clothes cloud cloudy club coach coast code coffee cold colleague collect collection college color
colour combine come comedy comes comfort comfortable comfortably comic coming commence comment commercial commission
commit commitment common communicate communication community compact company compare comparison compete competition
complain complaint complement complete completely complex complimentary comply component computer concern concert
conclude condition conditioning conference confident confirm confirmation conflict confuse confusion congratulate
congratulation congratulations connect connection consider considerable consideration consist constant constraint
contact contain content contest context continue continuous continuously contract contrast contribute control
convenience convenient conveniently conversation convert convertible convey convince cook cool copy corner correct
correctly correspond cost costing costly couch count counter country coupe couple courier course court cover coverage
cozy craft crave crazy create creation creator credit creek crew criteria criterion cross crowd crucial cruise
cuisine cup cure curious currency current currently custom customer cut cute cycle daily damage dance danger
dangerous dare dark data database date daughter day daytime dead deadline deal dealer dealership dear debit decade
decent decide decision declare decline decorate dedicate deep definite definitely degree delay delicious delight
delighted deliver delivery demand demo depart department departure depend deposit depth describe description deserve
design designate desire desk despite destination detail determine develop device devote dial diesel differ difference
different difficult difficulty digit digital dine dining dinner direct direction directly dirt dirty disabled
disagree disappear disappoint disappointed discount discover discuss discussion dish display dispute distance
distinct district disturb divide doable doctor document dog dollar domestic door double doubt download downtown draft
drama draw dream dress drink drive driver driveway drop dropoff dry due duration dust duty ear earlier early earn
ease easily east eastern easy eat economic economical economy edge edit edition educate education effect effective
efficient effort eight electric electricity electronic elegant element eligible email embarrass emergency emission
employ employee empty enable enclose encounter encourage end engine enhance enjoy enjoyable enjoyment enormous
enquire enquiry ensure enter entertain entertaining entertainment enthusiasm entire entirely entitle entrance entry
environment equal equip equipment equivalent error especially essential establish establishment estate estimate
evening event eventually everyday evidence exact exactly examine example exceed excellent exception exceptional
excess exchange excite excited excitement exciting exclude exclusive excursion excuse execute exhibit exhibition
exist existing exit expand expect expectation expense expensive experience expert expire explain explanation explore
express extend extended extension extensive extent external extra extremely eye fabulous face facility fact factor
factory fahrenheit fail failure fair fairly fall familiar family famous fan fancy fantastic far fare fascinate
fashion fast fasten fault favor favorable favorite favourite fear feature fee feed feedback feel feeling fellow
female festival fetch field figure file fill film final finalize finally finance financial find fine finish fire firm
first fit five fix fixed flat flexible flight float floor flow flower fly focus fold folk follow food foot forbid
forbidden force forecast foreign foremost forever forget form formal former forth fortunate fortunately fortune
forward found four fourth free freely freeze frequent frequently fresh friend friendly front fruit fuel fulfil
fulfill full fully fun function fund funny furnish furnished furniture future gain gallery game garage garden gas
gasoline gate gather gear general generally generate generous genre gentle gentleman genuine genuinely get gift girl
give glad gladly glance glass glory go goal goes going gold golden golf good goodness gorgeous got govern government
grab grade gradual grand grant grateful green greet greeting grey grill grocery ground group grow growth guarantee
guard guess guest guide guideline guy gym habit hair half hall hand handicap handle handy hang happen happily
happiness happy harbor hard hardly hassle hat hatchback hate head headline health healthy hear heart heat heating
heaven heavy height help helpful hereby hesitate hide high highlight highly highway hike hill hire historic
historical history hit hobby hold holiday home honest honestly honor hood hope hopeful hopefully horror horse
horsepower hospital hospitality host hostel hot hotel hour house household housing hover hub huge human humble humid
humidity hundred hungry hurry hurt husband hybrid ice idea ideal ideally identify identity ignore illness image
imagine immediate immediately impact import importance important importantly impossible impress impressive improve
improvement inbound inbox inch incident include inclusive income inconvenience inconvenient incorrect increase
incredible incredibly independent index indicate individual indoor indoors industry influence info inform information
initial initially inn inner inquire inquiry insert inspect inspection install instance instant instantly instead
institute instruct instruction instrument insurance insure intend intention interest interested interesting interior
internal international internet interpret interrupt interview introduce introduction inventory invest investigate
invite invoice invoices involve inward island issue item itinerary jacket jam job join joint joke journey joy judge
juice jump junior keen keep key kid kids kilometer kind kindly king kit kitchen knock know knowledge label lack lady
lake land landlord landmark lane language laptop large largely last lastly late lately later latest latter laugh
laundry law lawn lay layover lead leader leaf league lean learn lease leather leave left leg legal leisure length
lesson letter level liberty library licence license lie life lift light likelihood likely liking limit limitation
limited limousine line link liquid list listen listing literally live lively livestream living load loan lobby local
locate location lock lodge lodging log login logo logout long look loose lose loss lost loud lounge love lovely low
lower loyal loyalty luck luckily lucky luggage lunch luxury machine magic magnificent mail main mainly maintain
maintenance major majority make male mall man manage management manager manner manual map march mark market marvelous
mass master mastering match mate material matinee matter maximum meal mean meaning means meantime meanwhile measure
measurement meat mechanic mechanical media medical medicine medium meet meeting member membership memorable memory
mend mention menu merch mere merely merge message metal meter method metro metropolis mid middle midnight midsize
midweek mild mile mileage mind mini minimum minivan minor minute mirror miss mistake mix mobile mode model moderate
moderately modern modest modify moment money month monthly mood moon morning mother motor motorcycle mount mountain
mouth move movie much multiple multiplex museum music musical name narrow nation national native natural naturally
nature navigate navigation near nearest neat necessarily necessary neck need negative negotiate neighbor neighborhood
nervous net network neutral new newly news nice nicely night nightly nine noise noisy non nonetheless nonstop noon
normal normally north northern nose notable note notice notify novel number numerous nurse object objective
obligation observe obtain obvious obviously occasion occasionally occupancy occupy occur ocean odd odometer offer
office officer official offline oil old one-way ongoing online onward onwards open opener opening openings opera
operate operation operator opinion opportunity oppose opposite option optional orange orchestra order ordinary
organic organization organize orient origin original originally originate outbound outcome outdoor outdoors outer
outlet outline outright outstanding oven overall overcast overcome overlook overnight oversee owe owner pace pack
package page pain paint pair paper paperless paradise parallel parcel pardon parent park parking part partial
participate particular particularly partly partner party pass passenger passport password past path patience patient
patiently patio pause pay payable payment paywall peace peaceful peak pedal pen people percent perfect perfectly
perform performance period permanent permission permit person personal personally perspective pet phone photo phrase
physical pick picker pickup picture piece pilot pipe pity pizza place plain plan plane plate platform play player
playground playlist pleasant pleasantly pleased pleasure plenty plot plug pocket podcast point police policy polite
pool poor popular population port portion position positive possess possibility possible possibly post postpone
potential potentially pound power powerful practical practically practice precipitation precise precisely predict
prefer preferable preferably preference preferred premium prepare present presently press pressure pretty prevent
preview previous previously price prices pricing pride primary prime principle print prior priority privacy private
prize probability probable probably problem procedure proceed process produce product profession professional profile
profit program programme progress project promise promote promotion prompt promptly proper properly property proposal
propose prorate proration protect protection proud prove provide provider public publish pull punctual purchase pure
purpose push put quality quantity quarter queen query quest question quick quickly quiet quietly quit quote race
radio rail rain raincoat rainy raise ramp random range rank rapid rare rarely rate rating ratio reach react read
reader readily ready real realize rear reason reasonable reasonably recall recap receipt receive recent recently
reception recheck recipe recognize recommend recommendation record recover rectify red reduce reduction reel refer
reference refill reflect refresh refreshment refrigerator refund refundable refuse regard regarding regardless region
register registration regret regular regularly reject relate relation relative relatively relax relaxed relaxing
release relevant reliable rely remain remainder remark remember remind reminder remix remote removal remove renew
renewal rent rental renter repair repeat replace replacement reply report represent representative reputable
reputation request require requirement resale reschedule research reservation reserve reset residence resident
residential resolve resort resource respect respective respond response responsible rest restart restaurant restore
restrict restriction restroom result retain retire retreat retrieve return returnable reveal review reward rich ride
right ring rise risk river road roadside rock role roll romance romantic roof room roommate roomy root rough roughly
round roundtrip route routine row royal royalty rule run rural rush sad safe safely safety sail sake salad sale salon
sample satisfaction satisfactory satisfy save saving say scale scan scene scenic schedule scheme school science
scooter score screen screening sea search season seat seating second secondary secret section secure securely
security sedan see seek seem segment select selection self sell send senior sense sentence separate separately
sequence series serious seriously serve service session set setting settle seven sex shade shadow shape share sharp
she shelf shelter shift shine ship shipment shipping shirt shoe shoot shop shopping shore short shortly shot shoulder
shout show shower showing shuffle shut shuttle side sight sightsee sightseeing sign signal significant signup silence
silver similar similarly simple simply single sir sister sit site situate situated situation six size skill skin skip
sky sleep slide slight slightly slip slot slow slowly small smart smell smile smooth smoothly sms snack snow soap
social sofa soft sold sole solely solid solution solve someday son song soonest sort sound source south southern
space spacious spare speak speaker special specialize specially specialty specific specifically specification specify
spectacular speech speed spell spend spicy spirit splendid split sponsor spot spread spring square stadium staff
stage stairs stamp stand standard standby star start state statement station status stay steady steak steal steel
step stick stock stomach stone stop stopover storage store storm story straight straightforward strange stranger
strategy stream streaming street strength stress stretch strict strike string strip strong strongly structure student
studio study stuff stunning style sub subject submit subscribe subscription substance substantial substitute subtotal
suburb succeed success successful successfully sudden suddenly suffer suffice sufficient suggest suggestion suit
suitable suitably suitcase suite sum summary summer sun sunny sunroof super superb superior supplement supply support
suppose supposed supreme surface surprise surround survey suspect suv swap sweet swift swim swimming switch symbol
sympathy system table tailor take talent talk tall tank target task taste tasty tax taxi tea teach team tear
technical technique technology telephone television tell temperature temple temporary ten tend tender term terminal
terms terrace terrible terrific terrifically test text thankful thankfully theater theatre theme theory thick thin
thing think third thought thousand three thrill ticket ticketing tidy tie tier tiers tight time timeframe timely
timing tip tire title today toilet tomorrow tone tongue tonight tool top topic total totally touch tour tourism
tourist towel tower town track tracking trade tradition traditional traffic trail train training tram transaction
transfer transform transit translate transmission transport transportation travel traveler traveling traveller treat
tree tremendous trend trial trim trip trouble truck true truly trunk trust truth try turbo turn tv twelve twenty
twice twin two type typical typically ultimate unable unavailable uncertain uncomfortable understand unfinished
unfortunate unfortunately unfurnished union unique unit unite universe university unknown unlimited unlock
unsubscribe unusual upcoming update upgrade upload upper upset upstairs urban urge urgent use used useful user using
usual usually utility utilize vacancy vacant vacation valid valley valuable value van variety various vary vast vegan
vegetable vegetarian vehicle vendor venture venue verify version vicinity victory video view viewing village vinyl
visible visit visitor vital voice voicemail volume vote voyage wait waive walk wall want warm warmly warn warranty
wash waste watch water wave way weak weather web website wedding wee week weekday weekend weekly weigh weight welcome
west western wet wheel wheelchair white wholly wide wife wifi win wind window windy wine wing winter wipe wireless
wise wish wit witness woman wonder wonderful wonderfully wood wooden word work worker working world worry worse worst
worth worthwhile worthy wound wrap write writer wrong yard year yearly yellow yesterday yield young youth zero zone
zoo zoom
""")

IRREGULAR: Final = listed("""
began begun bought brought built came caught chose drove driven eaten ate fell fallen felt flew flown forgot forgotten
found gave given gone went grew grown heard held kept knew known laid led lent lost made meant met paid ran rang rose
said sat saw seen sent shown slept sold spent spoke spoken stood swam taken took taught told thought threw thrown
understood woke won wore worn written wrote feet men women mice lives leaves knives geese teeth criteria offices
""")
