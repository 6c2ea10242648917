/** Words that a thread may begin with: friendly ones, with an end that leads on. */
export const firstWords = (
  'acorn amber anvil apple apron arrow attic bacon badge bagel basil beach beard berry birch blaze bloom board ' +
  'bread brick bride brook broom cabin cable camel candy canoe cargo cedar chain chair chalk cheer chess chest ' +
  'cider clock cloud clove coach comet coral crane crown daisy dance delta diver dough dream eagle early ember ' +
  'fable fairy feast fence fiddle field flame flock flute forge frost fruit giant glade globe grape grove guest ' +
  'harbor hazel heron honey horse house igloo inlet island ivory jelly jewel jolly kayak koala label ladle ' +
  'lemon light linen lunar magic maple march mango medal melon metal mint model moose mouse music night noble ' +
  'novel nurse ocean olive onion orbit otter paint panda paper party pearl piano plain plume pond prism puppy ' +
  'quest quiet quilt rabbit radar raven river robin roost royal sail scarf shade shell shore skate sleep smile ' +
  'snail solar spice spoon stone storm sugar swing table tempo tiger toast torch tower trail train tulip uncle ' +
  'valley velvet violet wagon water whale wheat willow world yacht young zebra'
).split(' ');
