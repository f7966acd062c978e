// A whole life cycle through the MLflow client of npm (and, for what it has no method for, through its own transport): every step is asserted here,
// the names of the steps done are printed. Usage: node lifecycle.js ENDPOINT
'use strict'
const assert = require('node:assert/strict')
const MLflow = require('mlflow')
const { ViewType, RunStatus } = require('mlflow/enum')

// The client prints every body it sends.
console.log = () => {}

const client = new MLflow({ endpoint: process.argv[2] })
const { Experiments, Runs, Metrics, Artifacts } = client
const api = (method, path, args) => client.req(method, path, args)
const refused = async (call, status, code, message) => {
  try {
    await call
  } catch (e) {
    const answer = JSON.parse(e.message.replace(/^Error: /, ''))
    assert.equal(answer.status, status)
    assert.equal(answer.data.error_code, code)
    assert.match(answer.data.message, message)
    return
  }
  assert.fail(`it was accepted: expected ${status} ${code}`)
}
const byKey = (pairs) => Object.fromEntries((pairs ?? []).map((p) => [p.key, p.value]))

let experiment_id, run_id, other
const started = 1795446216889

const steps = {
  'experiment created': async () => {
    ({ experiment_id } = await Experiments.create({ name: 'from node' }))
    assert.match(experiment_id, /^[1-9][0-9]*$/)
    await refused(Experiments.create({ name: 'from node' }), 400, 'RESOURCE_ALREADY_EXISTS', /already exists/)
  },
  'experiment read, renamed, tagged': async () => {
    await Experiments.update({ experiment_id, new_name: 'from npm' })
    // Its setExperimentTag forgets a slash and asks for a route that no server has: a 404 that it survives.
    await refused(Experiments.setExperimentTag({ experiment_id, key: 'team', value: 'blue' }), 404, 'ENDPOINT_NOT_FOUND', /./)
    await api('post', 'experiments/set-experiment-tag', { experiment_id, key: 'team', value: 'blue' })
    const { experiment } = await Experiments.get({ experiment_id })
    assert.equal(experiment.name, 'from npm')
    assert.equal(experiment.lifecycle_stage, 'active')
    assert.deepEqual(experiment.tags, [{ key: 'team', value: 'blue' }])
    assert.equal(experiment.artifact_location, `mlflow-artifacts:/${experiment_id}`)
    const { experiments } = await api('post', 'experiments/search', { max_results: 10, filter: "tags.team = 'blue'" })
    assert.deepEqual(experiments.map((e) => e.experiment_id), [experiment_id])
  },
  'run created': async () => {
    const { run } = await Runs.create({ experiment_id, user_id: 'ada', start_time: started, tags: [{ key: 'mlflow.runName', value: 'first' }] })
    run_id = run.info.run_id
    assert.match(run_id, /^[0-9a-f]{32}$/)
    assert.equal(run.info.run_uuid, run_id)
    assert.equal(run.info.status, RunStatus.RUNNING)
    assert.equal(run.info.run_name, 'first')
    assert.equal(run.info.start_time, started)
    ;({ run: { info: { run_id: other } } } = await Runs.create({ experiment_id, user_id: 'ada', start_time: started + 1 }))
  },
  'metrics, params and tags logged': async () => {
    await Runs.logMetric({ run_id, key: 'loss', value: 0.5, timestamp: started + 1, step: 1 })
    await Runs.logMetric({ run_id, key: 'loss', value: 0.25, timestamp: started + 2, step: 2 })
    await Runs.logMetric({ run_id, key: 'loss', value: 0.75, timestamp: started + 3, step: 0 })
    await Runs.logParameter({ run_id, key: 'lr', value: '0.1' })
    await refused(Runs.logParameter({ run_id, key: 'lr', value: '0.2' }), 400, 'INVALID_PARAMETER_VALUE', /^Changing param values is not allowed\. Param with key='lr' was already logged with value='0\.1'/)
    await Runs.setTag({ run_id, key: 'note', value: 'erste Übung 🧪' })
    await Runs.setTag({ run_id, key: 'gone', value: 'x' })
    await Runs.deleteTag({ run_id, key: 'gone' })
    await refused(Runs.deleteTag({ run_id, key: 'gone' }), 404, 'RESOURCE_DOES_NOT_EXIST', /No tag with name: gone in run with id/)
  },
  'batch logged': async () => {
    const metrics = Array.from({ length: 900 }, (_, i) => ({ key: 'batch', value: Math.sin(i), timestamp: started + i, step: i }))
    await Runs.logBatch({ run_id, metrics, params: [{ key: 'depth', value: '3' }], tags: [{ key: 't', value: 'u' }] })
    await Runs.logBatch({ run_id: other, metrics: [{ key: 'loss', value: 9, timestamp: 1, step: 0 }], params: [{ key: 'lr', value: '0.9' }] })
    await refused(Runs.logBatch({ run_id, metrics: [...metrics, ...metrics] }), 400, 'INVALID_PARAMETER_VALUE', /at most 1000 metrics\. Got 1800 metrics/)
  },
  'run read': async () => {
    const { run } = await Runs.get({ run_id })
    const { metrics, params, tags } = run.data
    assert.deepEqual(metrics.find((m) => m.key === 'loss'), { key: 'loss', value: 0.25, timestamp: started + 2, step: 2 })
    assert.equal(byKey(metrics).batch, Math.sin(899))
    assert.deepEqual(byKey(params), { lr: '0.1', depth: '3' })
    assert.equal(byKey(tags).note, 'erste Übung 🧪')
    assert.equal(byKey(tags).gone, undefined)
    assert.equal(byKey(tags)['mlflow.runName'], 'first')
  },
  'history read': async () => {
    const { metrics } = await Metrics.getHistory({ run_id, metric_key: 'loss' })
    assert.deepEqual(metrics.map((m) => [m.value, m.step]), [[0.5, 1], [0.25, 2], [0.75, 0]])
    const batch = (await Metrics.getHistory({ run_id, metric_key: 'batch' })).metrics
    assert.deepEqual(batch.map((m) => m.value), Array.from({ length: 900 }, (_, i) => Math.sin(i)))
  },
  'artifacts listed': async () => {
    const { run } = await Runs.get({ run_id })
    const path = run.info.artifact_uri.replace('mlflow-artifacts:/', '')
    const put = await fetch(`${client.endpoint}/api/2.0/mlflow-artifacts/artifacts/${path}/dir/a.txt`, { method: 'PUT', body: 'hello' })
    assert.deepEqual([put.status, await put.json()], [200, {}])
    const { root_uri, files } = await Artifacts.list({ run_id, path: 'dir' })
    assert.equal(root_uri, run.info.artifact_uri)
    assert.deepEqual(files, [{ path: 'dir/a.txt', is_dir: false, file_size: 5 }])
  },
  'runs searched': async () => {
    const search = (more) => Runs.search({ experiment_ids: [experiment_id], ...more })
    const ids = async (more) => ((await search(more)).runs ?? []).map((r) => r.info.run_id)
    assert.deepEqual(await ids({}), [other, run_id])
    assert.deepEqual(await ids({ filter: "metrics.loss < 1 and params.lr = '0.1'" }), [run_id])
    assert.deepEqual(await ids({ filter: 'metrics.loss < 0' }), [])
    assert.deepEqual(await ids({ order_by: ['metrics.loss ASC'] }), [run_id, other])
    assert.deepEqual(await ids({ run_view_type: ViewType.DELETED_ONLY }), [])
    const first = await search({ max_results: 1 })
    const second = await search({ max_results: 1, page_token: first.next_page_token })
    assert.deepEqual([first, second].map((page) => page.runs.map((r) => r.info.run_id)), [[other], [run_id]])
    assert.equal(second.next_page_token, undefined)
    await refused(search({ filter: 'metrics.loss <' }), 400, 'INVALID_PARAMETER_VALUE', /./)
  },
  'run ended, deleted, restored': async () => {
    const { run_info } = await Runs.update({ run_id, status: RunStatus.FINISHED, end_time: started + 60000 })
    assert.deepEqual([run_info.status, run_info.end_time], ['FINISHED', started + 60000])
    await Runs.delete({ run_id })
    await refused(Runs.logMetric({ run_id, key: 'loss', value: 1, timestamp: 1 }), 400, 'INVALID_PARAMETER_VALUE', /must be in the 'active' state\. Current state is deleted/)
    assert.equal((await Runs.get({ run_id })).run.info.lifecycle_stage, 'deleted')
    await Runs.restore({ run_id })
    await Runs.logMetric({ run_id, key: 'late', value: 1, timestamp: 1 })
  },
  'model registered': async () => {
    const name = 'node model'
    const { registered_model } = await api('post', 'registered-models/create', { name, description: 'd', tags: [{ key: 'a', value: 'b' }] })
    assert.deepEqual([registered_model.name, registered_model.description, registered_model.tags], [name, 'd', [{ key: 'a', value: 'b' }]])
    await refused(api('post', 'registered-models/create', { name }), 400, 'RESOURCE_ALREADY_EXISTS', /^Registered Model \(name=node model\) already exists\.$/)
    for (const version of ['1', '2', '3']) {
      const { model_version } = await api('post', 'model-versions/create', { name, source: `runs:/${run_id}/dir`, run_id })
      assert.deepEqual([model_version.version, model_version.status, model_version.current_stage], [version, 'READY', 'None'])
    }
    await api('PATCH', 'model-versions/update', { name, version: '2', description: 'the second' })
    await api('post', 'model-versions/set-tag', { name, version: '2', key: 'q', value: 'w' })
    const { model_version } = await api('get', 'model-versions/get', { name, version: '2' })
    assert.deepEqual([model_version.description, model_version.tags], ['the second', [{ key: 'q', value: 'w' }]])
  },
  'aliases and stages': async () => {
    const name = 'node model'
    const champion = async () => (await api('get', 'registered-models/alias', { name, alias: 'champion' })).model_version.version
    await api('post', 'registered-models/alias', { name, alias: 'champion', version: '1' })
    assert.equal(await champion(), '1')
    await api('post', 'registered-models/alias', { name, alias: 'champion', version: '2' })
    assert.equal(await champion(), '2')
    await refused(api('post', 'registered-models/alias', { name, alias: 'v1', version: '1' }), 400, 'INVALID_PARAMETER_VALUE', /^Version alias name 'v1' is reserved\.$/)
    const { model_version } = await api('post', 'model-versions/transition-stage', { name, version: '1', stage: 'staging', archive_existing_versions: false })
    assert.equal(model_version.current_stage, 'Staging')
    const { model_versions } = await api('post', 'registered-models/get-latest-versions', { name, stages: ['Staging'] })
    assert.deepEqual(model_versions.map((v) => v.version), ['1'])
    const found = await api('get', 'model-versions/search', { filter: "name = 'node model'", order_by: ['version_number DESC'], max_results: 2 })
    assert.deepEqual(found.model_versions.map((v) => v.version), ['3', '2'])
    assert.ok(found.next_page_token)
    const models = await api('get', 'registered-models/search', { filter: "name LIKE 'node%'" })
    assert.deepEqual(models.registered_models.map((m) => m.name), [name])
  },
  // This client sends the arguments of a DELETE in the query; others send a JSON body. Both are read.
  'registry deleted': async () => {
    const name = 'node model'
    await api('delete', 'model-versions/delete', { name, version: '2' })
    await refused(api('get', 'registered-models/alias', { name, alias: 'champion' }), 400, 'INVALID_PARAMETER_VALUE', /^Registered model alias champion not found\.$/)
    await api('delete', 'registered-models/alias', { name, alias: 'champion' })
    const body = await fetch(`${client.endpoint}/api/2.0/mlflow/registered-models/delete`, {
      method: 'DELETE', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }),
    })
    assert.deepEqual([body.status, await body.json()], [200, {}])
    await refused(api('get', 'registered-models/get', { name }), 404, 'RESOURCE_DOES_NOT_EXIST', /^Registered Model with name=node model not found/)
  },
  'experiment deleted and restored': async () => {
    await Experiments.delete({ experiment_id })
    assert.equal((await Runs.get({ run_id })).run.info.lifecycle_stage, 'deleted')
    await refused(Runs.create({ experiment_id, user_id: 'ada', start_time: 1 }), 400, 'INVALID_PARAMETER_VALUE', /must be in the 'active' state/)
    await refused(Experiments.delete({ experiment_id }), 404, 'RESOURCE_DOES_NOT_EXIST', /No Experiment with id=/)
    await Experiments.restore({ experiment_id })
    assert.equal((await Runs.get({ run_id })).run.info.lifecycle_stage, 'active')
  },
  // MLflow took this route away with its version 2; the client still has it.
  'experiments/list is answered in words': async () => refused(Experiments.list(), 404, 'ENDPOINT_NOT_FOUND', /./),
}

;(async () => {
  const done = []
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step()
    } catch (e) {
      process.stderr.write(`${name}: ${e.stack}\n`)
      process.exitCode = 1
      break
    }
    done.push(name)
  }
  process.stdout.write(JSON.stringify(done))
})()
