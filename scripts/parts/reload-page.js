// Only in development builds: reloads the page when its index.html names other files than the ones running.
let running;

async function look() {
  const answer = await fetch('index.html', { cache: 'no-store' }).catch(() => undefined);
  if (!answer?.ok) return;
  const latest = await answer.text();
  running ??= latest;
  if (latest !== running) location.reload();
}

setInterval(() => void look(), 1000);
