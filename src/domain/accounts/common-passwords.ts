/**
 * Passwords of twelve characters and more that everybody tries first, in small letters. Shorter ones are refused for
 * their length; repetitions and runs by rule (`password-rules.ts`).
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `
  123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 123123123123 111111111111 000000000000
  987654321098 098765432109 012345678910 01234567890123 123456123456 123456654321 112233445566 121212121212
  131313131313 qwertyuiop123 qwertyuiop12 qwertyuiop1234 qwertyuiop[] qwertyuiopas qwertyuiopasdf qwertyuiopasdfgh
  qwertyqwerty qwerty123456 qwerty1234567 qwerty12345678 qwerty123456789 qwerty1234567890 123456qwerty 1234567qwerty
  123456789qwerty 1234567890qwerty qwertyasdfgh qwertyasdfzxcv qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm
  qazwsxedcrfv qazwsxedcrfvtgb 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i q1w2e3r4t5y6
  q1w2e3r4t5y6u7i8 zaq12wsxcde3 zaq1xsw2cde3 1234qwerasdf 1234qwerasdfzxcv qwer1234asdf asdfghjkl123 asdfghjkl1234
  asdfghjklzxcvbnm asdfasdfasdf asdf1234asdf asdfqwer1234 zxcvbnm12345 zxcvbnm123456 zxcvbnm123456789 zxcvzxcvzxcv
  abcdefghijkl abcdefghijklm abcdefghijklmnop abcdefghijklmnopqrstuvwxyz abcd12345678 abcd123456789 abc123abc123
  abc123456789 abc1234567890 abcdef123456 abcdefg1234567 abcabcabcabc a1b2c3d4e5f6 a123456789012 a12345678901
  aa12345678901 azertyuiop123 azertyuiopqs 147258369147 147258369000 741852963000 159753456852 159357159357
  102030405060 010203040506 1020304050607080 password1234 password12345 password123456 password1234567
  password12345678 password123456789 password1234567890 passwordpassword password@123 password@1234 password@12345
  password!123 password!1234 password2020 password2021 password2022 password2023 password2024 password2025
  password2026 passw0rd1234 passw0rd12345 p@ssw0rd1234 p@ssw0rd12345 p@ssw0rd2024 p@ssw0rd2025 p@ssword1234
  p@55w0rd1234 pa55word1234 pa$$word1234 pa$$w0rd1234 passwort1234 passwort12345 motdepasse123 motdepasse1234
  contrasena123 contraseña123 wachtwoord123 senha1234567 parola123456 mypassword12 mypassword123 mypassword1234
  mysecretpassword thisismypassword thisisapassword newpassword1 newpassword12 newpassword123 temppassword
  temppassword1 temppassword123 temporarypassword defaultpassword changepassword changeme1234 changeme12345
  changemenow1 changemeplease pleasechangeme password1password secretpassword secretsecret supersecret1 supersecret123
  topsecret123 correcthorsebatterystaple trustno1trustno1 letmeinletmein letmein12345 letmein123456 letmeinplease
  letmeinnow123 welcome12345 welcome123456 welcome@1234 welcome@12345 welcome2024! welcome2025! welcome2026!
  welcomewelcome administrator administrator1 administrator123 adminadminadmin adminadmin12 adminadmin123 admin1234567
  admin12345678 admin123456789 admin@123456 admin1234admin rootrootroot root12345678 rootpassword adminpassword
  adminpassword1 adminpassword123 userpassword testpassword testpassword1 testpassword123 testtesttest test12345678
  test123456789 testing12345 testing123456 iloveyou1234 iloveyou12345 iloveyou123456 iloveyouiloveyou iloveyousomuch
  iloveyouforever iloveyoubaby1 iloveyoumore iloveyoubabe ilovemyfamily ilovemyself1 iloveme12345 ilovejesus12
  jesuslovesme jesuschrist1 jesusislord1 godisgreat12 godislove123 thankyoujesus thankyougod1 inthenameofgod
  liverpoolfc1 liverpool123 liverpool1892 manchesterunited manchester123 manunited123 arsenal12345 chelseafc123
  barcelona123 barcelona1899 realmadrid123 realmadrid12 football1234 football12345 football123456 baseball1234
  basketball12 basketball123 superman1234 superman12345 spiderman123 batman123456 starwars1234 starwars1977
  pokemon12345 pokemon123456 minecraft123 minecraft1234 dragonball123 dragonballz1 dragon123456 monkey123456
  princess1234 princess12345 sunshine1234 sunshine12345 shadow123456 master123456 michael12345 michelle1234
  jennifer1234 jessica12345 ashley123456 charlie12345 samsung12345 samsung123456 computer1234 computer12345
  internet1234 internet12345 blink182blink metallica123 slipknot6661 christopher1 christopher123 alexander123
  alexander1234 elizabeth123 elizabeth1234 victoria1234 butterfly123 butterfly1234 chocolate123 chocolate1234
  strawberry12 strawberry123 summer202412 summer2024!! summer2025!! winter2024!! winter2025!! spring2025!!
  autumn2025!! september123 november1234 december1234 monday123456 whateverwhatever whatever1234 whatever12345
  nothing12345 idontknow123 idontcare123 fuckyoufuckyou fuckyou12345 fuckyou123456 asshole12345 bullshit1234
  lovelovelove lovelove1234 love12345678 forever12345 foreverandever friendsforever bestfriends1 bestfriends123
  bestfriend123 happybirthday happybirthday1 happyhappy12 freedom12345 freedom123456 goodmorning1 helloworld12
  helloworld123 helloworld1234 hellohello12 hellohello123 hello1234567 hello12345678 hello123456789 hellokitty12
  hellokitty123 snowboarding skateboarding cheerleader1 babygirl1234 babygirl12345 lovebaby1234 playstation1
  playstation2 playstation3 playstation4 playstation123 microsoft123 microsoft1234 google123456 facebook1234
  facebook12345 instagram123 linkedin1234 youtube12345 cisco1234567 oracle123456 postgres1234 postgres12345
  raspberrypi1 raspberry123 ubuntu123456 default12345 guest1234567 server123456 qwerty!@#$%^ !@#$%^&*()_+ 1234567890-=
  \`1234567890-= 1q2w3e4r5t!! 12qwaszx12qwaszx zaqwsxcderfv zaq!2wsx3edc !qaz2wsx3edc !qaz@wsx#edc 1qaz!qaz2wsx
  qazwsx123456 3.1415926535 314159265358 31415926535897 271828182845 299792458299 aaaaaaaaaaaa abababababab
  gfhjkmgfhjkm qwaszxqwaszx woaini123456 woaini1314520 5201314520131 woaiwojia123 a123456a123456 1234561234567
  789456123000 789456123789 963852741000 wodemima1234 zhongguo1234
`
    .trim()
    .split(/\s+/),
)
