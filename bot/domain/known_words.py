"""Words that are written with a capital and name nobody, so that they are not taken for people."""

_CALENDAR = """
january february march april may june july august september october november december monday tuesday wednesday
thursday friday saturday sunday christmas easter new year bank holiday eve day week
"""

_WORK = """
operation protect napo unison gmb unite union unions branch rep reps tuc hmpps hmip moj hmcts nps probation service
services officer officers senior approved premises premise unpaid work programme programmes intervention interventions
ministry justice crown magistrates court courts county high supreme youth family parole board victim liaison case
administrator admin trainee practice tutor educator manager managers head heads deputy director regional region area
delivery unit units team teams national standards standard insurance police prison prisons community order orders
licence sentence management offender public protection risk assessment reset impact human resources occupational
health safety welfare chief inspector executive secretary minister prime justices home office government civil whitley
council committee annual general meeting conference motion workload measurement tool tools wear yellow action campaign
demand demands aim aims staff employer employee trade special sick leave pay grade band performance professional
register qualification duty hub centre house building road street university college hospital school mental support
excel word outlook zoom microsoft office delius oasys equip windows discord whatsapp facebook google
north south east west northern southern eastern western central greater midlands england english scotland scottish
wales welsh ireland irish britain british europe european united kingdom london manchester birmingham leeds
liverpool sheffield bristol newcastle nottingham leicester bradford cardiff swansea kent surrey sussex yorkshire
humber humberside cumbria lancashire cheshire merseyside derbyshire norfolk suffolk essex devon cornwall dorset
hampshire wiltshire berkshire oxfordshire middlesex durham tyne wear tees river city town borough and great
"""

_SENTENCES = """
the a an i we you he she it they my our your his her its their this that these those there here what when where who why
how if but and or so as at by for from in of on to with not no yes please thank thanks dear also every each all any some
more most less many much nobody somebody everybody everyone nothing something everything is are was were be been has have
had do does did can could will would shall should must might after before because since until while although however
then now today tomorrow yesterday only just still even never always often again one two three four five six seven
eight nine ten first second third last next
"""

KNOWN_WORDS = frozenset(f"{_CALENDAR} {_WORK} {_SENTENCES}".split())
"""Neither half of a name, in small letters."""

_BEFORE_PLACES = """
the a an our your this that these those their its every each all any some per in at near across around within
"""

NOT_BEFORE_NAMES = frozenset(_BEFORE_PLACES.split())
"""Places and institutions stand after these; people seldom do."""
