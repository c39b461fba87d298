// The search of the documentation: every word that was typed must stand in a passage; those in titles come first.
const MOST = 50
const AROUND = 120 // characters before and behind the first word that was found

const count = document.getElementById('count')
const found = document.getElementById('found')
const asked = new URLSearchParams(location.search).get('q')?.trim() ?? ''
const words = asked.toLowerCase().split(/\s+/).filter(Boolean)
document.querySelector('header input').value = asked

const times = (text, word) => text.toLowerCase().split(word).length - 1

function worth(one) {
  let sum = 0
  for (const word of words) {
    const all = 9 * times(one.heading, word) + 4 * times(one.page, word) + Math.min(3, times(one.text, word))
    if (all === 0) return 0
    sum += all
  }
  return one.to.startsWith('reference/') ? sum / 4 : sum // what was written to be read comes before what is listed
}

function firstHit(text) {
  const hits = words.map((word) => ({ at: text.toLowerCase().indexOf(word), length: word.length }))
  return hits.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at)[0]
}

function marked(text) {
  const part = document.createElement('p')
  const at = firstHit(text)?.at ?? 0
  const begin = at > AROUND ? text.indexOf(' ', at - AROUND) + 1 : 0
  const end = begin + 2 * AROUND
  let rest = (begin > 0 ? '… ' : '') + text.slice(begin, end) + (end < text.length ? ' …' : '')
  for (let hit = firstHit(rest); hit; hit = firstHit(rest)) {
    const mark = document.createElement('mark')
    mark.textContent = rest.slice(hit.at, hit.at + hit.length)
    part.append(rest.slice(0, hit.at), mark)
    rest = rest.slice(hit.at + hit.length)
  }
  part.append(rest)
  return part
}

function shown(one) {
  const line = document.createElement('li')
  const link = document.createElement('a')
  link.href = one.to
  link.textContent = one.heading === one.page ? one.page : `${one.page} · ${one.heading}`
  line.append(link, marked(one.text))
  return line
}

async function search() {
  if (!words.length) {
    count.textContent = 'Type above what you look for.'
    return
  }
  const answer = await fetch('search.json')
  if (!answer.ok) throw new Error(answer.statusText)
  const all = (await answer.json()).map((one) => [worth(one), one]).filter(([sum]) => sum > 0)
  all.sort(([a], [b]) => b - a)
  const passages = `${all.length} ${all.length === 1 ? 'passage' : 'passages'}`
  count.textContent = all.length
    ? `${passages} on “${asked}”${all.length > MOST ? `; the first ${MOST} are shown` : ''}.`
    : `Nothing on “${asked}”. Every word must occur; try fewer, or the list of pages.`
  found.append(...all.slice(0, MOST).map(([, one]) => shown(one)))
}

search().catch(() => { count.textContent = 'The search did not answer. Load this page again.' })
