/** What hens say. Every script that imports this file is reloaded when you save it. */
export const clucks = ['Bok.', 'Bok bok.', 'Cluck.', 'Bawk?', 'Buk-buk-buk.', 'Bo-ok…'];
export const greetings = ['Bawk?', 'Bok! You again?', 'Cluck. Grain?', 'Bok bok, hello.'];
export const frights = ['BAWK!', 'Bagawk!', 'Bok-bok-BOK!'];
